package io.shelfmark.internal.runpage;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepState;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunDocumentTest {

  private static final String HOSTILE =
      "</script></pre></title><script>alert(1)</script><img src=x onerror=\"alert('2')\"> %s &amp;\u0000\ud800";

  private static List<String> all(String pattern, String page) {
    return Pattern.compile(pattern, Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** What a browser opens and closes, in order. */
  private static void assertBalanced(String page) {
    for (String tag : List.of("section", "details", "pre", "div", "svg", "a", "ul", "table", "g")) {
      assertThat(all("<" + tag + "[ >]", page)).as(tag).hasSameSizeAs(all("</" + tag + ">", page));
    }
  }

  @Test
  void page_fiveSteps_hasGraphTimeParametersAndSteps() {
    String page = SampleRuns.nightly().page(RunState.SUCCEEDED);
    assertThat(all("<a class=\"n ", page)).hasSize(5);
    assertThat(all("<path class=\"w\"", page)).hasSize(7);
    assertThat(all("<details class=\"step ", page)).hasSize(5);
    assertThat(page)
        .contains("<title>nightly-training", "dataset:shelf-photos@12", "epoch 20/20")
        .contains("<th>imageSize<td><code>640</code>")
        .doesNotContain("id=\"why\"");
    assertBalanced(page);
  }

  @Test
  void page_anyRun_needsNothingFromElsewhere() {
    for (String page :
        List.of(
            SampleRuns.wide().page(RunState.FAILED),
            SampleRuns.fanOut(100).page(RunState.FAILED))) {
      assertThat(all("(?:src|href|url|import|fetch)\\s*[=(]\\s*[\"']?[^#\"'(]", page))
          .as("references that do not stay in the page")
          .allMatch(reference -> reference.matches("href=\"#.*"));
      assertThat(page).doesNotContain("http:", "https:", "<link", "<iframe", "@import");
      assertThat(all("<script", page)).hasSize(1);
      assertThat(page).contains("default-src 'none'");
      assertBalanced(page);
    }
  }

  @Test
  void page_hostileTexts_areTextsOnly() {
    SampleRuns run = new SampleRuns(HOSTILE);
    run.parameters.put(HOSTILE, HOSTILE);
    run.shape(HOSTILE, StepShape.Kind.CALL)
        .step(HOSTILE, StepState.FAILED, HOSTILE, 0, 1, 2, 3)
        .shape("fine", StepShape.Kind.CALL, HOSTILE)
        .step("fine", StepState.SUCCEEDED, HOSTILE, 3, 4)
        .shape("each", StepShape.Kind.FAN_OUT)
        .step("each[0]", StepState.FAILED, HOSTILE, 3, 4)
        .step("each", StepState.FAILED, HOSTILE);
    run.logs.put(HOSTILE, HOSTILE + "\u001b[31mred\u001b[0m");
    String page = run.page(RunState.FAILED);
    assertThat(all("<script", page)).hasSize(1);
    assertThat(all("</script", page)).hasSize(1);
    assertThat(page)
        .doesNotContain("<img", "\u0000", "\ud800", "\u001b")
        .contains("&lt;/script&gt;", "&amp;amp;", "red");
    assertBalanced(page);
  }

  @Test
  void page_failedRun_saysWhyAndShowsEachAttempt() {
    String page = SampleRuns.failed().page(RunState.FAILED);
    assertThat(page)
        .contains("id=\"why\"", "<a href=\"#s2\">train</a>", "exit code 137")
        .contains("2 done, 1 failed, 2 not run", "6, 3 of them retries", "retried after 10.0 s");
    assertThat(all("<rect class=\"b failed\"", page)).hasSize(4);
    assertBalanced(page);
  }

  @Test
  void page_fanOutOfTenThousand_isSmallAndNamesWhatFailed() {
    SampleRuns run = SampleRuns.fanOut(10_000);
    run.logs.replace("recognise[4999]", "a line\n".repeat(1_000_000));
    String page = run.page(RunState.FAILED);
    assertThat(page)
        .contains("9\u202f998 done, 2 failed", "recognise[4999]", "recognise[9999]")
        .contains("characters are left out");
    assertThat(page.length()).isLessThan(2_000_000);
    assertBalanced(page);
  }

  @Test
  void page_thousandsOfStepsAndLogs_isBounded() {
    SampleRuns run = SampleRuns.chain(5000);
    String log = "a line that is logged\n".repeat(20_000);
    IntStream.range(0, 5000).forEach(i -> run.logs.put("step-" + i, log));
    run.step("bad", StepState.FAILED, "x".repeat(1_000_000), 1, 2);
    run.logs.put("bad", "its own log");
    String page = run.page(RunState.FAILED);
    assertThat(page.length()).isLessThan(4_000_000);
    assertThat(page)
        .contains("steps are too many to be drawn", "its own log", "left out of this page");
  }

  @Test
  void page_graphNotAtHand_showsTheRecordAlone() {
    SampleRuns run = SampleRuns.fanOut(10);
    String page =
        RunDocument.of(run.record(RunState.FAILED), List.of(), Optional.empty(), step -> "");
    assertThat(page).contains("was not at hand", "8 done, 2 failed");
    assertThat(all("<details class=\"step ", page)).hasSize(3);
    assertBalanced(page);
  }

  @Test
  void page_runGoingOn_showsWhatWaitsAndRuns() {
    SampleRuns run = SampleRuns.nightly();
    run.steps.remove(4);
    String page = run.page(RunState.RUNNING);
    assertThat(page).contains("waiting", "running").doesNotContain(" ended ");
  }
}
