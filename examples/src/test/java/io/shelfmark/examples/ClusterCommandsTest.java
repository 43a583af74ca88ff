package io.shelfmark.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Workers, and a pipeline that they do, from the command line. */
@Timeout(180)
class ClusterCommandsTest {

  @TempDir Path folder;
  private final StringWriter stderr = new StringWriter();

  private String run(int expected, Class<?> command, String... arguments) throws Exception {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    Object instance = command.getDeclaredConstructor(PrintStream.class).newInstance(out);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--workspace", folder.resolve("ws").toString()));
    int status =
        Main.commandLine(new CommandLine(instance))
            .setErr(new PrintWriter(stderr))
            .execute(all.toArray(String[]::new));
    assertThat(status).as("%s%s", stdout, stderr).isEqualTo(expected);
    return stdout.toString(StandardCharsets.UTF_8);
  }

  @Test
  void demo_oneWorkerKilled_readsEveryShelf() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String jdbc = postgres.getJdbcUrl("postgres", "postgres");
      String output =
          run(
              0,
              ClusterDemoCommand.class,
              "--shops",
              "6",
              "--heartbeat",
              "PT1S",
              "--output",
              folder.resolve("out").toString(),
              "--jdbc",
              jdbc);
      assertThat(output)
          .containsPattern("killed worker 1 when \\d of 6 shelves were read")
          .containsPattern("run \\S+ of first: SUCCEEDED in .*; steps: 8 SUCCEEDED")
          .contains("artifact:prices@1", "worker 1 did ", "worker 3 did ");

      Matcher id = Pattern.compile("run (\\S+) of first: SUCCEEDED").matcher(output);
      assertThat(id.find()).isTrue();
      assertThat(run(0, PipelineCommand.class, "show", id.group(1), "--jdbc", jdbc))
          .contains("SUCCEEDED  read[5]", "artifact:prices@1");
    }
  }

  @Test
  void worker_withoutDatabase_saysWhatIsMissing() throws Exception {
    run(1, WorkerCommand.class);
    assertThat(stderr.toString()).startsWith("Cannot reach a cluster: found neither --jdbc");
  }
}
