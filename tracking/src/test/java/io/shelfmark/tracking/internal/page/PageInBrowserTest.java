package io.shelfmark.tracking.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page in Chromium, over 10,000 made-up runs. */
class PageInBrowserTest {

  private static final int RUNS = 10_000;
  private static final int ROWS_AT_ONCE = 80;
  private static final String THREE =
      "run=%s&run=%s&run=%s".formatted(FakeRuns.id(1), FakeRuns.id(2), FakeRuns.id(4));

  private static FakeServer server;
  private static Browser page;

  @BeforeAll
  static void start() {
    server = new FakeServer(RUNS, 0);
    page = Browser.start(server.address()).orElse(null);
    assumeTrue(
        page != null, "chromium or chromedriver is not on the path: the page is not tried here");
  }

  @AfterAll
  static void stop() {
    if (page != null) {
      page.close();
    }
    server.close();
  }

  @BeforeEach
  void fresh() {
    page.size(1440, 900);
    page.prefer("light");
  }

  @AfterEach
  void nothingComplainedAndNothingLeftTheOrigin() {
    String refusals = "Failed to load resource: the server responded with a status of 40";
    assertThat(page.complaints()).filteredOn(line -> !line.contains(refusals)).isEmpty();
    assertThat(page.requests())
        .allMatch(
            url ->
                url.startsWith(server.address())
                    || url.startsWith("blob:" + server.address().replaceAll("/shelf/", "/"))
                    || url.equals("about:blank"));
    assertThat(page.ask("window.hacked === undefined")).isEqualTo(true);
    page.driver().executeScript("localStorage.clear()");
  }

  @Test
  void experiments_foundByNameAndSorted_listThem() {
    page.open("#/experiments");
    assertThat(page.texts("tbody th a"))
        .containsExactly("tag-detector", "price-text", "shelf-layout", "empty");
    page.click("[data-key=name]");
    page.until("document.querySelector('tbody th').textContent === 'empty'");
    assertThat(page.count("th[aria-sort=ascending] [data-key=name]")).isEqualTo(1);
    assertThat(page.ask("document.activeElement.dataset.key")).isEqualTo("name");
    page.type("#experiment-search", "price");
    page.until("document.querySelectorAll('tbody tr').length === 1");
    assertThat(page.text("[role=status]")).isEqualTo("1 experiment");
    page.shoot("experiments");
  }

  @Test
  void runs_tenThousand_keepFewRowsInTheDocument() {
    page.open("#/experiments/1/runs");
    assertThat(page.text("tbody tr[data-index='0'] .name")).isEqualTo("yolo-640-amber-0");
    assertThat(page.count("tbody tr")).isLessThan(ROWS_AT_ONCE);
    assertThat(page.count("thead th[scope=col]")).isGreaterThan(10);
    page.shoot("runs");
    page.driver()
        .executeAsyncScript(
            "const done = arguments[0], box = document.querySelector('.runs-scroll');"
                + "const go = () => { box.scrollTop = box.scrollHeight;"
                + " if (document.querySelector('table.runs').getAttribute('aria-rowcount') !== '-1')"
                + " { requestAnimationFrame(() => requestAnimationFrame(done)); }"
                + " else { setTimeout(go, 15); } }; go();");
    assertThat(page.ask("document.querySelector('table.runs').getAttribute('aria-rowcount')"))
        .isEqualTo(String.valueOf(RUNS + 2));
    assertThat(page.count("tbody tr")).isLessThan(ROWS_AT_ONCE);
    assertThat(page.count("tr[data-index='" + (RUNS - 1) + "']")).isEqualTo(1);
    assertThat(page.text(".bar [role=status]")).isEqualTo("10,000 runs");
  }

  @Test
  void filter_understood_narrowsRunsAndIsInTheAddress() {
    page.open("#/experiments/1/runs");
    page.type("#filter", "params.optimizer = 'lion' AND metrics.`val/mAP50` > 0.9", Keys.ENTER);
    page.until("location.hash.includes('filter=')");
    page.settle();
    assertThat(page.texts("tbody tr[data-index] .name")).doesNotContain("yolo-640-amber-0");
    assertThat(page.hash()).contains("filter=params.optimizer+=+'lion'");
    page.open("#/experiments/1/runs?filter=params.optimizer+%3D+%27lion%27&col=params.optimizer");
    assertThat(page.texts("tbody tr[data-index] td:nth-last-child(2)"))
        .isNotEmpty()
        .containsOnly("lion");
  }

  @Test
  void filter_notUnderstood_saysWhereAndKeepsTheRuns() {
    page.open("#/experiments/1/runs");
    page.type("#filter", "metrics.loss << 1", Keys.ENTER);
    page.until("!document.getElementById('filter-refused').hidden");
    assertThat(page.text("#filter-refused p"))
        .isEqualTo(
            "Cannot read filter metrics.loss << 1: found < at character 15, expected a number or a"
                + " quoted text");
    assertThat(page.text("#filter-refused pre")).endsWith(" ".repeat(14) + "▲");
    assertThat(page.count("#filter[aria-invalid=true]")).isEqualTo(1);
    assertThat(page.count("tbody tr[data-index]")).isPositive();
    page.shoot("filter-refused");
  }

  @Test
  void sort_byAnyColumn_ordersRuns() {
    page.open("#/experiments/1/runs");
    page.click("[data-key='metrics.val/mAP50']");
    page.until("document.querySelector('[aria-sort=ascending] [data-key=\"metrics.val/mAP50\"]')");
    page.settle();
    page.click("[data-key='metrics.val/mAP50']");
    page.until("document.querySelector('[aria-sort=descending] [data-key=\"metrics.val/mAP50\"]')");
    page.settle();
    assertThat(page.hash()).contains("sort=-metrics.val/mAP50");
    assertThat(page.ask("document.activeElement.dataset.key")).isEqualTo("metrics.val/mAP50");
    List<String> best = page.texts("tbody tr[data-index] td:nth-child(10)");
    assertThat(best).isSortedAccordingTo((a, b) -> b.compareTo(a));
    page.open("#/experiments/1/runs?sort=attributes.duration&col=attributes.duration");
    assertThat(page.text("tbody tr[data-index='0'] td:nth-last-child(2)")).startsWith("1 min 0");
  }

  @Test
  void columns_chosen_areInTheAddressAndRemembered() {
    page.open("#/experiments/1/runs");
    page.clickButton("Columns");
    page.type("dialog input[type=search]", "store");
    page.click("dialog input[value='tags.store']");
    page.shoot("columns");
    page.clickButton("Show these");
    page.until("document.querySelector('[data-key=\"tags.store\"]')");
    assertThat(page.hash()).contains("col=tags.store");
    page.open("#/experiments/1/runs");
    assertThat(page.count("[data-key='tags.store']")).isEqualTo(1);
    page.clickButton("Columns");
    page.clickButton("Default columns");
    page.until("!document.querySelector('[data-key=\"tags.store\"]')");
  }

  @Test
  void keyboard_alone_choosesAndOpensRuns() {
    page.open("#/experiments/1/runs");
    page.press(Keys.TAB);
    assertThat(page.ask("document.activeElement.id")).isEqualTo("skip");
    page.press(Keys.ENTER);
    assertThat(page.ask("document.activeElement.id")).isEqualTo("main");
    page.until(
        "document.activeElement.matches('table.runs') || (document.querySelector('table.runs').focus(), false)");
    page.press(Keys.ARROW_DOWN, Keys.SPACE, Keys.ARROW_DOWN, Keys.SPACE);
    assertThat(page.count("tr[aria-selected=true]")).isEqualTo(2);
    assertThat(page.text(".bar > [role=status]")).isEqualTo("2 runs chosen");
    assertThat(page.ask("document.activeElement.getAttribute('aria-activedescendant')"))
        .isEqualTo("run-row-2");
    page.press(Keys.PAGE_DOWN, Keys.PAGE_DOWN);
    assertThat(
            page.ask(
                "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')) !== null"))
        .isEqualTo(true);
    page.press(Keys.HOME, Keys.ENTER);
    page.until("location.hash.startsWith('#/runs/')");
    page.settle();
    page.until("document.activeElement.tagName === 'H1'");
    assertThat(page.text("h1")).isEqualTo("yolo-640-amber-0");
    assertThat(page.ask("document.title")).isEqualTo("yolo-640-amber-0 · Shelfmark");
  }

  @Test
  void run_overview_tellsWhatIsOnRecord() {
    page.open("#/runs/" + FakeRuns.id(3));
    page.until("document.querySelectorAll('.card h2').length === 5");
    assertThat(page.texts(".card h2"))
        .containsExactly("Metrics", "Registered models", "Params", "Child runs", "Tags");
    assertThat(page.texts("dt")).contains("Started", "Took", "By", "Source", "Code version");
    assertThat(page.texts("tbody td")).contains("NaN");
    page.shoot("run");
    page.open("#/runs/" + FakeRuns.id(7));
    assertThat(page.texts(".value")).anyMatch(text -> text.startsWith("<img src=x onerror"));
  }

  @Test
  void curves_ofSeveralRuns_areDrawnAndChangeWithTheSettings() {
    page.open("#/compare/curves?" + THREE);
    page.until("document.querySelector('[data-metric=\"val/loss\"] canvas')");
    assertThat(series("val/loss")).isEqualTo(3);
    assertThat(paintedPixels("val/loss")).isGreaterThan(1000);
    assertThat((String) page.ask("document.querySelector('.chart [role=img]').ariaLabel"))
        .startsWith("Curves of priceAccuracy: yolo-640-birch-1 ends at ");
    page.until("document.querySelectorAll('.bars tr').length === 3");
    page.hover("[data-metric='val/loss'] [role=img]");
    page.until("document.querySelectorAll('.tip tr').length === 3");
    assertThat(page.text(".tip")).startsWith("Step ");
    page.shoot("curves");
    page.driver()
        .executeScript(
            "const s = document.querySelector('[type=range]'); s.value = '0.6';"
                + " s.dispatchEvent(new Event('input'));");
    page.until("location.hash.includes('smooth=0.6')");
    assertThat(series("val/loss")).isEqualTo(6);
    page.click(".bar input[type=checkbox]");
    page.until("location.hash.includes('log=1')");
    assertThat(page.ask(chart("val/loss") + ".getOption().yAxis[0].type")).isEqualTo("log");
    page.click("[aria-label='Zoom in: val/loss']");
    page.until(chart("val/loss") + ".getOption().dataZoom[0].start === 25");
    page.click(".legend input");
    page.until(chart("val/loss") + ".getOption().series.length === 4");
    assertThat(page.ask(chart("val/loss") + ".getOption().dataZoom[0].start")).isEqualTo(25L);
    page.click("[data-metric='val/loss'] summary");
    page.until("document.querySelectorAll('[data-metric=\"val/loss\"] tbody tr').length === 3");
    page.open("#/compare/curves?x=time&metric=val%2FmAP50&" + THREE);
    page.until("document.querySelectorAll('.chart canvas').length === 1");
    assertThat(page.ask(chart("val/mAP50") + ".getOption().xAxis[0].type")).isEqualTo("time");
  }

  private static String chart(String metric) {
    return "echarts.getInstanceByDom(document.querySelector('[data-metric=\"%s\"] [role=img]'))"
        .formatted(metric);
  }

  private static long series(String metric) {
    return (Long) page.ask(chart(metric) + ".getOption().series.length");
  }

  private static long paintedPixels(String metric) {
    return (Long)
        page.driver()
            .executeScript(
                "const c = document.querySelector('[data-metric=\"%s\"] canvas');".formatted(metric)
                    + "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                    + "let n = 0; for (let i = 3; i < d.length; i += 4) { n += d[i] > 0; } return n;");
  }

  @Test
  void comparison_paramsAndMetrics_markWhatDiffers() {
    page.open("#/compare/params?" + THREE);
    assertThat(page.count("thead th[scope=col]")).isEqualTo(4);
    assertThat(page.count("tr.differs td.other")).isPositive();
    assertThat(page.texts("tr:not(.differs) td")).doesNotContain("lion");
    page.shoot("compare-params");
    page.clickLink("Metrics");
    page.until("document.querySelector('td.most')");
    assertThat(page.count("td.least")).isEqualTo(page.count("td.most"));
  }

  @Test
  void parallelAxes_brushed_keepTheRunsThatPass() {
    page.open("#/experiments/1/parallel?filter=metrics.priceAccuracy%20%3E%200.93");
    page.until("document.querySelector('.parallel-area canvas')");
    String all = page.text(".card [role=status]");
    assertThat(all).startsWith("All ");
    page.shoot("parallel");
    page.driver()
        .executeScript(
            "const c = echarts.getInstanceByDom(document.querySelector('.parallel-area'));"
                + "const axis = c.getModel().queryComponents({mainType: 'parallelAxis'})"
                + ".find(a => a.name === 'priceAccuracy');"
                + "c.dispatchAction({type: 'axisAreaSelect', parallelAxisId: axis.id,"
                + " intervals: [[0.98, 1]]});");
    page.until("document.querySelector('.card [role=status]').textContent.includes(' of ')");
    page.clickButton("Compare these");
    page.until("location.hash.startsWith('#/compare/curves')");
    page.settle();
  }

  @Test
  void artifacts_ofEachKind_arePreviewedAndNeverRun() {
    String files = "#/runs/" + FakeRuns.id(1) + "/artifacts";
    page.open(files);
    page.click(".tree button[aria-expanded]");
    page.until("document.querySelectorAll('.tree li li').length === 2");
    page.open(files + "?path=plots%2Fshelf.png");
    page.until("document.querySelector('.preview img')?.naturalWidth === 480");
    page.until(
        "document.querySelector('.tree [aria-current]')?.textContent.startsWith('shelf.png')");
    page.shoot("artifacts");
    page.open(files + "?path=plots%2Freadings.csv");
    assertThat(page.count(".preview tbody tr")).isEqualTo(500);
    assertThat(page.text(".preview tbody tr:nth-child(2) td:last-child")).isEqualTo("a, \"b\" 1");
    page.open(files + "?path=train.log");
    assertThat(page.text(".preview [role=note]")).isEqualTo("Only the first 256.0 kB are shown.");
    page.open(files + "?path=params.json");
    assertThat(page.text(".preview pre")).contains("\"lr\": 0.001");
    page.open(files + "?path=page.html");
    assertThat(page.text(".preview pre")).isEqualTo("<script>window.hacked=true</script>");
    page.open(files + "?path=model%2Fdetector.onnx");
    assertThat(page.text(".preview .message strong")).isEqualTo("No preview");
  }

  @Test
  void registry_model_showsVersionsAndWhereAliasesPointed() {
    page.open("#/models");
    page.click("tbody th a");
    page.until("document.querySelectorAll('.moves li').length === 5");
    assertThat(page.texts("tbody th"))
        .containsExactly("Version 4", "Version 3", "Version 2", "Version 1");
    assertThat(page.texts(".moves li div:first-child"))
        .containsExactly(
            "Set to Version 4",
            "Version 2 → Version 3",
            "Set to Version 2",
            "Taken from Version 1",
            "Set to Version 1");
    assertThat(page.texts(".moves li")).anyMatch(text -> text.endsWith("2 days ago by vera"));
    page.shoot("model");
    page.clickLink("Version 3");
    page.until("document.querySelector('h1')?.textContent === 'tag-detector, version 3'");
    page.settle();
    assertThat(page.ask("document.querySelector('dd a').hash"))
        .isEqualTo("#/runs/" + FakeRuns.id(3));
  }

  @Test
  void unknownRun_opened_saysWhatTheServerSays() {
    page.open("#/runs/nope");
    page.until("document.querySelector('[role=alert]')");
    assertThat(page.text("[role=alert]")).contains("Cannot find /ajax-api/2.0/mlflow/runs/get");
    page.open("#/nowhere");
    assertThat(page.text("main")).contains("There is no such page");
  }

  @Test
  void theme_systemOrChosen_isKept() {
    page.open("#/experiments");
    assertThat(lightness()).isGreaterThan(230L);
    page.prefer("dark");
    assertThat(lightness()).isLessThan(40L);
    page.open("#/experiments/1/runs");
    page.shoot("runs-dark");
    page.click("#theme");
    assertThat(page.text("#theme")).isEqualTo("Theme: Light");
    page.reload();
    assertThat(lightness()).isGreaterThan(230L);
    page.click("#theme");
    page.click("#theme");
    assertThat(page.text("#theme")).isEqualTo("Theme: Auto");
  }

  private static long lightness() {
    return (Long)
        page.ask(
            "Number(/\\d+/.exec(getComputedStyle(document.documentElement).backgroundColor)[0])");
  }

  @Test
  void colors_ofTexts_standOutFromTheirGround() {
    page.open("#/experiments");
    for (String scheme : List.of("light", "dark")) {
      page.prefer(scheme);
      for (String pair :
          List.of(
              "text/ground",
              "text-soft/ground",
              "text-soft/surface",
              "text-soft/sunken",
              "text-soft/hover",
              "text/accent-ground",
              "accent/surface",
              "accent/accent-ground",
              "on-accent/accent",
              "bad/bad-ground",
              "text/differs",
              "text/hover")) {
        String[] names = pair.split("/");
        assertThat(contrast(names[0], names[1]))
            .as(scheme + " " + pair)
            .isGreaterThanOrEqualTo(4.5);
      }
      for (int run = 0; run < 8; run++) {
        assertThat(contrast("run-" + run, "surface")).as(scheme + " run " + run).isGreaterThan(3);
      }
    }
  }

  /** As WCAG 2.2 defines the contrast ratio. */
  private static double contrast(String front, String back) {
    return ((Number)
            page.driver()
                .executeScript(
                    """
                    const light = name => {
                      const probe = document.body.appendChild(document.createElement('i'));
                      probe.style.color = `var(--${name})`;
                      const [r, g, b] = getComputedStyle(probe).color.match(/\\d+/g).map(v => {
                        const c = v / 255;
                        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                      });
                      probe.remove();
                      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                    };
                    const [a, b] = [light(arguments[0]), light(arguments[1])].sort((x, y) => y - x);
                    return (a + 0.05) / (b + 0.05);
                    """,
                    front,
                    back))
        .doubleValue();
  }

  @Test
  void narrowScreen_anyView_doesNotScrollSideways() {
    page.size(390, 844);
    List<String> views =
        List.of(
            "#/experiments",
            "#/experiments/1/runs",
            "#/experiments/1/parallel?filter=metrics.priceAccuracy%20%3E%200.95",
            "#/runs/" + FakeRuns.id(1),
            "#/runs/" + FakeRuns.id(1) + "/artifacts?path=plots%2Freadings.csv",
            "#/compare/curves?" + THREE,
            "#/compare/metrics?" + THREE,
            "#/models/tag-detector");
    for (String view : views) {
      page.open(view);
      assertThat(
              page.ask(
                  "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
          .as(view)
          .isEqualTo(0L);
    }
    page.open("#/experiments/1/runs");
    page.shoot("runs-narrow");
  }
}
