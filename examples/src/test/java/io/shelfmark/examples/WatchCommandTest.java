package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Pipelines by the clock and at new versions, from the command line. */
@Timeout(60)
class WatchCommandTest {

  @TempDir Path folder;
  private final StringWriter stderr = new StringWriter();

  private String watch(int expected, String... arguments) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--workspace", folder.resolve("ws").toString()));
    int status =
        Main.commandLine(
                new CommandLine(
                    new WatchCommand(new PrintStream(stdout, true, StandardCharsets.UTF_8))))
            .setErr(new PrintWriter(stderr))
            .execute(all.toArray(String[]::new));
    assertThat(status).as("%s", stderr).isEqualTo(expected);
    return stdout.toString(StandardCharsets.UTF_8);
  }

  @Test
  void schedule_everySecond_runsThePipeline() {
    assertThat(watch(0, "first", "--every", "PT1S", "--runs", "1", "--set", "shops=[\"7\"]"))
        .contains("watching first-clock of pipeline first at every PT1S")
        .contains("SUCCEEDED  table", "STARTED, run first-clock-");
  }

  @Test
  void schedule_nextInstants_areThoseOfTheZone() {
    assertThat(watch(0, "first", "--cron", "30 3 * * *", "--zone", "Europe/Moscow", "--next", "2"))
        .hasLineCount(2)
        .contains("T03:30+03:00[Europe/Moscow]");
    assertThat(watch(1, "first", "--cron", "30 25 * * *")).isEmpty();
    assertThat(stderr.toString()).contains("25");
  }

  @Test
  void trigger_versionMadeWhileNobodyWatched_runsThePipelineWithIt() throws Exception {
    watch(0, "loop", "--dataset", "shelf", "--set-version", "photos", "--runs", "0");
    Path photo = Files.writeString(folder.resolve("none.txt"), "no photo");
    try (Workspace workspace = Workspace.open(folder.resolve("ws"));
        var commit = workspace.dataset("shelf").newCommit()) {
      commit.addFile("none.txt", photo).commit();
    }
    String output =
        watch(0, "loop", "--dataset", "shelf", "--set-version", "photos", "--runs", "1");
    assertThat(output)
        .contains("SUCCEEDED  import", "FAILED     validate", "STARTED, run loop-shelf-");
  }
}
