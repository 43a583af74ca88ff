package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline of docs/pipelines.md. */
@Timeout(60)
class FirstPipelineTest {

  record Report(long tags, double share) {}

  static Pipeline<Report> pipeline() {
    Parameter<List<String>> shops = Parameter.ofList("shops", String.class, List.of("42", "7"));

    Step<List<Integer>> counts =
        Step.forEach("count", shops, Integer.class)
            .retry(RetryPolicy.attempts(3))
            .run((context, shop) -> shop.length());

    Step<ArtifactVersion> table =
        Step.named("table", ArtifactVersion.class)
            .input(counts)
            .cached(CachePolicy.byInputs("table-v1"))
            .timeout(Duration.ofMinutes(1))
            .run(
                (context, numbers) -> {
                  Path file = context.workFolder().resolve("table.txt");
                  Files.writeString(file, numbers.toString());
                  return context.publish("counts", file);
                });

    Step<Report> report =
        Step.named("report", Report.class)
            .input(counts)
            .input(table)
            .run((context, numbers, version) -> new Report(numbers.size(), version.size() / 100.0));
    return Pipeline.of("first", report);
  }

  @Test
  void firstPipeline_runsAndThenTakesItsTableFromTheCache(@TempDir Path folder) throws Exception {
    try (Workspace workspace = Workspaces.open(folder);
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      runner.register(pipeline());
      runner.resume();
      assertThat(runner.run(pipeline()).result()).isEqualTo(new Report(2, 0.06));
      PipelineRun<Report> second = runner.run(pipeline());
      assertThat(second.record().step("table").map(StepRecord::state)).contains(StepState.CACHED);
      ArtifactVersion table = workspace.artifacts().require("counts", 1);
      try (InputStream stream = table.open("table.txt")) {
        assertThat(new String(stream.readAllBytes(), UTF_8)).isEqualTo("[2, 1]");
      }
      assertThat(table.provenance().producer().orElseThrow()).startsWith("run:").endsWith("/table");
    }
  }
}
