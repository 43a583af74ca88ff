package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Steps that run programs. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are scripts of a Unix shell")
class CommandStepTest {

  private static final Duration LONG = Duration.ofSeconds(50);

  @TempDir Path temporary;
  private Workspace workspace;
  private LocalRunner runner;

  @BeforeEach
  void open() {
    workspace = Workspaces.open(temporary);
    runner =
        LocalRunner.in(workspace)
            .logLimit(10_000)
            .secrets(name -> Optional.of("s3cr3t-" + name))
            .open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  private static CommandBuilder shell(String script) {
    return Step.command("program", "sh", "-c", script);
  }

  private PipelineRun<CommandResult> run(Step<CommandResult> step) {
    PipelineRun<CommandResult> run = runner.start(Pipeline.of("commands", step));
    assertThat(run.await(LONG)).isTrue();
    return run;
  }

  private String failure(Step<CommandResult> step) {
    return run(step).record().step("program").flatMap(StepRecord::failure).orElseThrow();
  }

  @Test
  void command_workspaceByRelativePath_isGivenWholePaths() throws Exception {
    Path file = Files.writeString(temporary.resolve("data.txt"), "seven tags");
    Path relative = Path.of("").toAbsolutePath().relativize(temporary.resolve("relative"));
    Parameter<String> shell = Parameter.of("shell", "sh");
    Step<ArtifactVersion> data =
        Step.named("data", ArtifactVersion.class).run(c -> c.publish("data", file));
    Step<CommandResult> program =
        Step.command("program", "{shell}", "-c", "cp $1/data.txt copy", "sh", "{data}")
            .input(shell)
            .input(data)
            .publish("copy", "copy")
            .step();
    try (Workspace other = Workspaces.open(relative);
        LocalRunner there = LocalRunner.in(other).open()) {
      ArtifactVersion copy = there.run(Pipeline.of("c", program)).result().artifact("copy");
      assertThat(copy.open("copy")).hasContent("seven tags");
    }
  }

  @Test
  void command_inputsAndOutputs_arePutInPlaceAndPublished() throws Exception {
    Path file = Files.writeString(temporary.resolve("data.txt"), "seven tags");
    Step<ArtifactVersion> data =
        Step.named("data", ArtifactVersion.class).run(c -> c.publish("data", file));
    Parameter<Integer> epochs = Parameter.of("epochs", 20);
    Step<CommandResult> program =
        Step.command(
                "program",
                "sh",
                "-c",
                "cat $1/data.txt; mkdir out; echo $2 $MODE > out/model; echo '{\"loss\": 0.25}' > m.json",
                "sh",
                "{data}",
                "{epochs}")
            .input(data)
            .input(epochs)
            .environment("MODE", "fast")
            .publish("model", "out")
            .metrics("m.json")
            .step();
    PipelineRun<CommandResult> run = run(program);
    ArtifactVersion model = run.result().artifact("model");
    try (InputStream stream = model.open("model")) {
      assertThat(new String(stream.readAllBytes(), UTF_8)).isEqualTo("20 fast\n");
    }
    assertThat(model.inputs()).hasSize(1);
    assertThat(model.provenance().producer()).contains("run:" + run.id() + "/program");
    assertThat(run.result().metrics()).isEqualTo(Map.of("loss", 0.25));
    assertThat(runner.log(run.id(), "program")).contains("seven tags");
    assertThat(temporary.resolve("home/pipelines/runs/" + run.id() + "/work/program.1"))
        .doesNotExist();
  }

  @Test
  void command_exitsWithAnotherCode_saysSo() {
    assertThat(failure(shell("echo no such option; exit 3").step()))
        .contains("sh exited with 3, expected 0");
    assertThat(failure(shell("kill -9 $$").step()))
        .contains("sh exited with 137 (killed; the system does that when memory runs out)");
    assertThat(failure(Step.command("program", "no-such-program-here").step()))
        .contains("no-such-program-here");
  }

  @Test
  void command_outputMissingOrOutside_isRefused() {
    assertThat(failure(shell("true").publish("model", "model.onnx").step()))
        .contains("output model.onnx is missing");
    assertThat(failure(shell("touch ../outside").publish("model", "../outside").step()))
        .contains("output ../outside is outside the program's folder");
    assertThat(failure(shell("ln -s /etc out").publish("model", "out").step()))
        .contains("output out is outside the program's folder");
    assertThat(workspace.artifacts().names()).isEmpty();
  }

  /** As one line, and as many: a gigabyte in all. */
  @Test
  void command_printsOneGigabyte_keepsBeginningAndEnd() {
    PipelineRun<CommandResult> run =
        run(
            shell(
                    "echo first; head -c 500000000 /dev/zero | tr '\\0' x; echo;"
                        + " yes 'a line such as programs print while they train' | head -c 500000000;"
                        + " echo; echo last")
                .step());
    String log = runner.log(run.id(), "program");
    assertThat(log).startsWith("first\n").contains("bytes are left out").endsWith("last\n");
    assertThat(log.length()).isLessThan(100_000);
    assertThat(run.record().state()).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void command_printsSecret_isMaskedEvenAcrossPieces() {
    PipelineRun<CommandResult> run =
        run(
            shell("for i in 1 2 3 4; do head -c 2046 /dev/zero | tr '\\0' x; printf $KEY; done")
                .secretEnvironment("KEY", "key")
                .step());
    assertThat(run.record().state()).isEqualTo(RunState.SUCCEEDED);
    assertThat(runner.log(run.id(), "program").replace("\n", ""))
        .contains("***")
        .doesNotContain("s3cr3t");
  }

  @Test
  void command_cancelled_isEndedWithWhatItStarted() throws Exception {
    Path pipe = temporary.resolve("pid");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    PipelineRun<CommandResult> run =
        runner.start(
            Pipeline.of("commands", shell("sleep 1000 & echo $! > " + pipe + "; wait").step()));
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(pipe).trim())).orElseThrow();
    runner.cancel(run.id(), "enough");
    assertThat(run.await(LONG)).isTrue();
    assertThat(child.onExit()).succeedsWithin(LONG);
  }

  @Test
  void command_hangs_isKilledAtItsLimitWithWhatItStarted() throws Exception {
    Path pipe = temporary.resolve("pid");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Step<CommandResult> hanging =
        shell("touch file; sleep 1000 & echo $! > " + pipe + "; wait")
            .timeout(Duration.ofMillis(500))
            .step();
    PipelineRun<CommandResult> run = runner.start(Pipeline.of("commands", hanging));
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(pipe).trim())).orElseThrow();
    assertThat(run.await(LONG)).isTrue();
    assertThat(run.record().step("program").flatMap(StepRecord::failure).orElseThrow())
        .contains("found it running after PT0.5S");
    assertThat(runner.log(run.id(), "program")).contains("found it running after PT0.5S");
    assertThat(child.onExit()).succeedsWithin(LONG);
  }

  @Test
  void faultyPrograms_haveClearRecordsAndHarmNoOther() {
    Step<CommandResult> missing = Step.command("missing", "no-such-program-here").step();
    Step<CommandResult> killed = Step.command("killed", "sh", "-c", "kill -9 $$").step();
    Step<CommandResult> outside =
        Step.command("outside", "sh", "-c", "echo {} > $(mktemp -d)/m; ln -s /etc/hostname m.json")
            .metrics("m.json")
            .step();
    Step<CommandResult> noNumbers =
        Step.command("no-numbers", "sh", "-c", "echo '{\"loss\": 0.' > m.json")
            .metrics("m.json")
            .step();
    Step<CommandResult> fine = Step.command("fine", "sh", "-c", "echo fine").step();
    PipelineRun<CommandResult> run =
        runner.start(Pipeline.of("faulty", fine, missing, killed, outside, noNumbers));
    assertThat(run.await(LONG)).isTrue();
    RunRecord record = run.record();
    assertThat(record.step("missing").flatMap(StepRecord::failure).orElseThrow())
        .contains("IOException", "no-such-program-here");
    assertThat(record.step("killed").flatMap(StepRecord::failure).orElseThrow())
        .contains("exited with 137 (killed");
    assertThat(record.step("outside").flatMap(StepRecord::failure).orElseThrow())
        .contains("output m.json is outside the program's folder, expected it inside");
    assertThat(record.step("no-numbers").flatMap(StepRecord::failure).orElseThrow())
        .contains("Cannot read m.json: found broken JSON");
    assertThat(record.step("fine").map(StepRecord::state)).contains(StepState.SUCCEEDED);
    assertThat(runner.log(run.id(), "fine")).isEqualTo("fine\n");
  }

  @Test
  void command_inputThatLooksLikeAnotherInput_isGivenAsItIs() {
    Parameter<String> first = Parameter.of("first", "{second}");
    Parameter<String> second = Parameter.of("second", "two");
    Step<CommandResult> step =
        Step.command("program", "echo", "{first} {second} {third}")
            .input(first)
            .input(second)
            .step();
    assertThat(runner.log(run(step).id(), "program")).isEqualTo("{second} two {third}\n");
  }
}
