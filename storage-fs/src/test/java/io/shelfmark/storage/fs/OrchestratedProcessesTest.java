package io.shelfmark.storage.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.VersionRef;
import io.shelfmark.pipeline.OrchestratedRunner;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepWorker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole run, led from here, each of whose steps is a process with a home of its own. */
@Timeout(60)
class OrchestratedProcessesTest {

  private static final RunId RUN = RunId.of("run-1");

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String... what) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                OrchestratedProcess.class.getName(),
                folder.resolve("store").toString(),
                folder.resolve("home" + started.size()).toString(),
                "run-step",
                "--pipeline",
                "led",
                "--run",
                RUN.value(),
                "--set",
                "factor=3"));
    command.addAll(List.of(what));
    Process process =
        new ProcessBuilder(command)
            .redirectError(folder.resolve("errors" + started.size()).toFile())
            .start();
    started.add(process);
    return process;
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Does a step whose code waits for nothing; gives the exit code. */
  private int run(String... what) throws Exception {
    Process process = start(what);
    process.getOutputStream().close();
    try (BufferedReader reader = output(process)) {
      reader.lines().forEach(calls::add);
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private RunRecord record() {
    try (Workspace workspace =
            Workspace.builder()
                .store(FsBlobStore.open(folder.resolve("store")))
                .home(folder.resolve("reader"))
                .open();
        OrchestratedRunner runner = OrchestratedRunner.in(workspace).open()) {
      return runner.find(RUN).orElseThrow();
    }
  }

  private static List<String> settled(RunRecord record) {
    return record.steps().stream()
        .filter(step -> step.result().isPresent())
        .map(StepRecord::name)
        .toList();
  }

  @Test
  void run_stepByStep_withAKillAndAFailure_endsAsItShould() throws Exception {
    assertThat(
            StepWorker.shapes(OrchestratedProcess.pipeline()).stream().map(StepWorker.Shape::name))
        .containsExactly("list", "each", "model", "flaky", "off", "skipped", "report");
    assertThat(run("--step", "list")).isZero();

    Process killed = start("--step", "each");
    killed.getOutputStream().write(new byte[8]);
    killed.getOutputStream().flush();
    try (BufferedReader reader = output(killed)) {
      for (int i = 0; i < 11; i++) { // 8 have got their byte, 3 wait for theirs
        assertThat(reader.readLine()).startsWith("each[");
      }
      killed.destroyForcibly();
      assertThat(killed.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    List<String> before = settled(record());
    assertThat(before).hasSize(9).contains("list").doesNotContain("each");
    assertThat(run("--step", "model")).as("too early").isEqualTo(1);
    assertThat(run("--step", "each")).isZero();
    assertThat(calls).hasSize(OrchestratedProcess.ELEMENTS - 8).doesNotContainAnyElementsOf(before);

    assertThat(run("--step", "model")).isZero();
    assertThat(run("--step", "flaky")).isEqualTo(1);
    assertThat(run("--step", "flaky")).isZero();
    assertThat(run("--step", "off")).isZero();
    assertThat(run("--step", "skipped")).isEqualTo(99);
    assertThat(run("--step", "report")).isZero();
    assertThat(run("--end")).isZero();
    RunRecord record = record();
    assertThat(record.step("report").flatMap(StepRecord::result).orElseThrow().json())
        .isEqualTo("\"artifact:model@1 2 Optional.empty\"");
    assertThat(record.step("each").flatMap(StepRecord::result).orElseThrow().json())
        .startsWith("[0,3,6,");
    assertThat(record.failure()).isEmpty();
  }

  @Test
  void oneStep_inTwoProcessesAtOnce_hasOneResult() throws Exception {
    assertThat(run("--step", "list")).isZero();
    assertThat(run("--step", "each")).isZero();
    Process one = start("--step", "model");
    Process other = start("--step", "model");
    try (BufferedReader ofOne = output(one);
        BufferedReader ofOther = output(other)) {
      assertThat(ofOne.readLine()).isEqualTo("model");
      assertThat(ofOther.readLine()).isEqualTo("model");
      one.getOutputStream().close();
      other.getOutputStream().close();
      assertThat(one.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(one.exitValue()).isZero();
    assertThat(other.exitValue()).isZero();
    List<VersionRef> versions =
        record().step("model").flatMap(StepRecord::result).orElseThrow().versions();
    assertThat(versions).hasSize(1);
    assertThat(versions.get(0).number()).isBetween(1L, 2L);
  }
}
