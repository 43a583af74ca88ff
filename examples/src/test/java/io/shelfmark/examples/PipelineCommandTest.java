package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The first pipeline, from the command line. */
class PipelineCommandTest {

  private static final Pattern RUN = Pattern.compile("run (\\S+) of first: SUCCEEDED");

  @TempDir Path folder;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final StringWriter stderr = new StringWriter();

  private String pipeline(int expected, String... arguments) {
    stdout.reset();
    stderr.getBuffer().setLength(0);
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("graph")) {
      all.addAll(List.of("--workspace", folder.resolve("ws").toString()));
    }
    int status =
        Main.commandLine(new CommandLine(new PipelineCommand(out)))
            .setErr(new PrintWriter(stderr))
            .execute(all.toArray(String[]::new));
    assertThat(status).as("%s", stderr).isEqualTo(expected);
    return stdout.toString(StandardCharsets.UTF_8) + stderr;
  }

  private static String runOf(String output) {
    Matcher run = RUN.matcher(output);
    assertThat(run.find()).as(output).isTrue();
    return run.group(1);
  }

  @Test
  void first_runTwice_isCachedAndEachRunIsOnRecord() {
    assertThat(pipeline(0, "explain", "first")).contains("read: RUN");
    String first = pipeline(0, "run", "first");
    assertThat(first).contains("SUCCEEDED  read[0]", "SUCCEEDED  table", "artifact:prices@1");

    assertThat(pipeline(0, "explain", "first")).contains("table: CACHED");
    Path page = folder.resolve("run.html");
    String second = pipeline(0, "run", "first", "--html", page.toString());
    assertThat(second).contains("CACHED     read[1]", "CACHED     table", "artifact:prices@1");

    String run = runOf(second);
    assertThat(pipeline(0, "list", "first").lines().findFirst().orElseThrow()).contains(run);
    assertThat(pipeline(0, "show", run))
        .contains("shops = [\"7\",\"42\"]", "from " + runOf(first), "artifact:prices@1");
    assertThat(page).content().contains("<html", run, "read[0]");
    Path again = folder.resolve("again.html");
    pipeline(0, "show", run, "--html", again.toString());
    assertThat(again).content().contains(run, "table");
    assertThat(pipeline(0, "run", "first", "--rerun", run, "--from-step", "table"))
        .contains("SUCCEEDED  table", "artifact:prices@2");
    assertThat(pipeline(0, "run", "first", "--set", "shops=[\"42\"]"))
        .contains("CACHED     read[0]", "SUCCEEDED  table");
    assertThat(pipeline(0, "resume")).isEmpty();
  }

  @Test
  void graph_inEachFormat_namesStepsAndWires() {
    assertThat(pipeline(0, "list")).contains("first");
    assertThat(pipeline(0, "graph", "first")).contains("read <- each of shops", "table <- read");
    assertThat(pipeline(0, "graph", "first", "--format", "dot")).contains("\"read\" -> \"table\"");
    assertThat(pipeline(0, "graph", "first", "--format", "mermaid")).startsWith("flowchart LR");
  }

  @Test
  void wrongNames_areToldInASentence() {
    assertThat(pipeline(1, "graph", "last")).contains("Cannot find pipeline last", "first");
    assertThat(pipeline(1, "show", "none")).contains("Cannot find run none");
    assertThat(pipeline(1, "run", "first", "--from-step", "table")).contains("expected both");
    assertThat(pipeline(1, "run", "first", "--set", "shop=7")).contains("shop");
    assertThat(pipeline(1, "run", "first", "--set", "shops=7")).contains("Cannot set parameter");
  }
}
