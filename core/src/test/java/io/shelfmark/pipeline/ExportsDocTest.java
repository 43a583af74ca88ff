package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.shelfmark.Workspace;
import io.shelfmark.testing.InMemoryBlobStore;
import io.shelfmark.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The samples of docs/exports.md are what is written; with {@code -Ddocs.write=true} they are
 * brought up to date.
 */
@Timeout(60)
class ExportsDocTest {

  private static final Path GUIDE = Path.of("../docs/exports.md");

  private static void requireSample(String name, String text) throws IOException {
    String guide = Files.readString(GUIDE);
    Matcher block =
        Pattern.compile(
                "<!-- sample: %s -->\n```[a-z]+\n(.*?)```\n".formatted(name), Pattern.DOTALL)
            .matcher(guide);
    assertThat(block.find()).as("a place for sample " + name).isTrue();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(
          GUIDE, guide.substring(0, block.start(1)) + text + guide.substring(block.end(1)));
      return;
    }
    assertThat(block.group(1)).isEqualTo(text);
  }

  @Test
  void sampleOfAirflow_isWhatIsWritten() throws Exception {
    requireSample(
        "airflow",
        AirflowDag.of(FirstPipelineTest.pipeline())
            .command("java", "-jar", "/opt/reader.jar")
            .schedule("30 3 * * *", ZoneId.of("Europe/Moscow"))
            .pool("gpu", "gpus")
            .toString());
  }

  @Test
  void sampleOfArgo_isWhatIsWritten() throws Exception {
    requireSample(
        "argo",
        ArgoWorkflow.of(FirstPipelineTest.pipeline(), "registry.example.com/reader:1.2")
            .command("java", "-jar", "/opt/reader.jar")
            .nodeSelector("gpu", "accelerator", "nvidia")
            .secretEnvironment("AWS_SECRET_ACCESS_KEY", "shops", "secret-key")
            .toString());
  }

  @Test
  void sampleOfOpenLineage_isWhatIsSent(@TempDir Path folder) throws Exception {
    SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T00:30:00Z"));
    Path file = folder.resolve("events.jsonl");
    try (Workspace workspace =
            Workspace.builder()
                .store(new InMemoryBlobStore(clock))
                .clock(clock)
                .home(folder.resolve("home"))
                .open();
        OpenLineage lineage = OpenLineage.toFile(file).namespace("shops").open();
        LocalRunner runner = LocalRunner.in(workspace).listener(lineage).open()) {
      runner.run(
          FirstPipelineTest.pipeline(),
          RunOptions.defaults().id(RunId.of("first-20240501-003000")));
    }
    JsonMapper mapper = JsonMapper.builder().build();
    for (String line : Files.readAllLines(file)) {
      JsonNode event = mapper.readTree(line);
      if (event.path("eventType").asText().equals("COMPLETE")
          && event.path("job").path("name").asText().equals("first.table")) {
        LineageJudge.read(line);
        requireSample(
            "openlineage",
            mapper.writerWithDefaultPrettyPrinter().writeValueAsString(event) + "\n");
        return;
      }
    }
    throw new AssertionError("no event of the step's end");
  }
}
