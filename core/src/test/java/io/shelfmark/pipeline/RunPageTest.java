package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunPageTest {

  @TempDir Path folder;
  private Workspace workspace;
  private LocalRunner runner;

  @BeforeEach
  void open() {
    workspace = Workspaces.open(folder);
    runner =
        LocalRunner.in(workspace)
            .secrets(name -> name.equals("token") ? Optional.of("s3cr3t") : Optional.empty())
            .open();
  }

  @AfterEach
  void close() {
    runner.close();
    workspace.close();
  }

  private static Pipeline<Integer> pipeline() {
    Parameter<List<String>> shops = Parameter.ofList("shops", String.class, List.of("<b>", "7"));
    Step<List<Integer>> counts =
        Step.forEach("count", shops, Integer.class)
            .secret("token")
            .run(
                (context, shop) -> {
                  context.log("</pre> shop " + shop + " with " + context.secret("token"));
                  if (shop.equals("7")) {
                    throw new IOException("no photos of " + shop);
                  }
                  return shop.length();
                });
    return Pipeline.of(
        "shops", Step.named("sum", Integer.class).input(counts).run((c, list) -> list.size()));
  }

  @Test
  void page_runOfRunner_isWrittenWithLogsAndReasons() throws IOException {
    Pipeline<Integer> pipeline = pipeline();
    PipelineRun<Integer> run = runner.start(pipeline);
    assertThat(run.await(Duration.ofSeconds(30))).isTrue();
    Path file = folder.resolve("run.html");
    RunPage page = RunPage.of(runner, pipeline, run.id());
    page.writeTo(file);
    assertThat(Files.readString(file))
        .isEqualTo(page.html())
        .contains(run.id().value(), "IOException: no photos of 7", "1 done, 1 failed", "not run")
        .contains("&lt;/pre&gt; shop 7 with ***", "[&quot;&lt;b&gt;&quot;,&quot;7&quot;]")
        .doesNotContain("s3cr3t", "<b>");
  }

  @Test
  void page_anotherGraph_isDrawnWithoutWires() {
    Pipeline<Integer> pipeline = pipeline();
    PipelineRun<Integer> run = runner.start(pipeline);
    assertThat(run.await(Duration.ofSeconds(30))).isTrue();
    Pipeline<Integer> other =
        Pipeline.of("shops", Step.named("other", Integer.class).run(context -> 1));
    assertThat(RunPage.of(runner, other, run.id()).html()).contains("was not at hand");
  }

  @Test
  void page_unknownRunOrFolder_isRefused() {
    Pipeline<Integer> pipeline =
        Pipeline.of("one", Step.named("one", Integer.class).run(context -> 1));
    assertThatThrownBy(() -> RunPage.of(runner, pipeline, RunId.of("nothing")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot draw run nothing of pipeline one");
    PipelineRun<Integer> run = runner.run(pipeline);
    Path nowhere = folder.resolve("no/such/folder/run.html");
    assertThatThrownBy(() -> RunPage.of(runner, pipeline, run.id()).writeTo(nowhere))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("Cannot write page");
  }
}
