package io.shelfmark.tracking.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.LocalRunner;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunPage;
import io.shelfmark.pipeline.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a pipeline's run in Chromium, from a file; here is what drives the browser. */
@Timeout(120)
class PipelinePageInBrowserTest {

  private static final String HOSTILE =
      "</pre></script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>";

  private static Browser page;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    page = Browser.start("").orElse(null);
    assumeTrue(
        page != null, "chromium or chromedriver is not on the path: the page is not tried here");
  }

  @AfterAll
  static void stop() {
    if (page != null) {
      page.close();
    }
  }

  private Path write() {
    Parameter<List<Integer>> photos =
        Parameter.ofList("photos", Integer.class, IntStream.range(0, 200).boxed().toList());
    Parameter<String> remark = Parameter.of("remark", HOSTILE);
    Step<Integer> check = Step.named("check", Integer.class).input(remark).run((c, text) -> 1);
    Step<List<Integer>> read =
        Step.forEach("read", photos, Integer.class)
            .input(check)
            .run(
                (context, photo, n) -> {
                  context.log(HOSTILE);
                  if (photo == 7) {
                    throw new IOException(HOSTILE);
                  }
                  return photo;
                });
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "photos", Step.named("sum", Integer.class).input(read).run((c, list) -> list.size()));
    Path file = folder.resolve("run.html");
    try (Workspace workspace = Workspace.open(folder.resolve("workspace"));
        LocalRunner runner = LocalRunner.in(workspace).open()) {
      PipelineRun<Integer> run = runner.start(pipeline);
      assertThat(run.await(Duration.ofSeconds(60))).isTrue();
      RunPage.of(runner, pipeline, run.id()).writeTo(file);
    }
    return file;
  }

  private static List<String> shown() {
    return page.texts(".step:not([hidden]) .what");
  }

  @Test
  void page_fromAFile_filtersOpensAndRunsNoScriptButItsOwn() {
    page.driver().get(write().toUri().toString());
    assertThat(page.text("h1")).contains("photos", "failed");
    assertThat(page.texts(".graph .n .sub")).contains("199 done, 1 failed");
    assertThat(shown()).containsExactly("check", "read", "sum");

    page.type("#q", "read");
    page.until("document.querySelectorAll('.step:not([hidden])').length === 1");
    assertThat(shown()).containsExactly("read");
    page.click(".chip.off");
    assertThat(shown()).isEmpty();

    // the graph leads to a step, past the filter
    page.click(".graph .n[data-n='1'] .name");
    page.until("document.getElementById('s1').open");
    assertThat(shown()).containsExactly("check", "read", "sum");
    assertThat(page.text("#s1 .elements")).contains("read[7]", "IOException: </pre></script>");

    page.clickButton("Open all");
    assertThat(page.count(".step[open]")).isEqualTo(3);
    assertThat(page.ask("window.hacked === undefined")).isEqualTo(true);
    assertThat(page.complaints()).isEmpty();
    assertThat(page.requests())
        .allMatch(url -> url.startsWith("file:") || url.startsWith("about:"));
    page.shoot("pipeline-run");
  }
}
