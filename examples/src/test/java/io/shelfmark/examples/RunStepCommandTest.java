package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.OrchestratedRunner;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The first pipeline, led from outside as Airflow and Argo do. */
class RunStepCommandTest {

  @TempDir Path folder;

  private int runStep(String... arguments) {
    CommandLine command = Main.commandLine(new CommandLine(new RunStepCommand()));
    List<String> all =
        new ArrayList<>(
            List.of(
                "--workspace",
                folder.resolve("ws").toString(),
                "--pipeline",
                "first",
                "--run",
                "led-1"));
    all.addAll(List.of(arguments));
    return command.execute(all.toArray(String[]::new));
  }

  @Test
  void first_stepByStep_endsWithItsTable() {
    String shops = "{\"shops\": [\"7\"]}";
    assertThat(runStep("--step", "table", "--parameters", shops)).isEqualTo(1);
    assertThat(runStep("--step", "read", "--parameters", shops)).isZero();
    assertThat(runStep("--step", "table", "--parameters", shops)).isZero();
    assertThat(runStep("--step", "table", "--set", "shops=[\"42\"]")).isEqualTo(2);
    assertThat(runStep("--end")).isZero();
    try (Workspace workspace = Workspace.open(folder.resolve("ws"));
        OrchestratedRunner runner = OrchestratedRunner.in(workspace).open()) {
      assertThat(runner.find(RunId.of("led-1")).orElseThrow().state())
          .isEqualTo(RunState.SUCCEEDED);
      assertThat(workspace.artifacts().require("prices", 1).files()).hasSize(1);
    }
  }

  private static String export(int expected, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine(
                new CommandLine(
                    new PipelineExportCommand(new PrintStream(out, true, StandardCharsets.UTF_8))))
            .setErr(new PrintWriter(err));
    assertThat(command.execute(arguments)).as("%s", err).isEqualTo(expected);
    return out.toString(StandardCharsets.UTF_8) + err;
  }

  @Test
  void export_writesFilesThatCallRunStep() {
    assertThat(export(0, "airflow", "first", "--workspace", "s3://shops/reader"))
        .contains("/opt/shelfmark-examples.jar pipeline run-step --pipeline first --step table")
        .contains("\"SHELFMARK_WORKSPACE\": \"s3://shops/reader\"");
    assertThat(export(0, "argo", "first", "--workspace", "s3://shops/reader", "--image", "i:1"))
        .contains("kind: Workflow", "value: \"s3://shops/reader\"");
    assertThat(export(1, "argo", "first", "--workspace", "s3://shops/reader"))
        .contains("found no --image, expected one");
  }
}
