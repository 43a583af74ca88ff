package io.shelfmark.tracking.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.Experiment;
import io.shelfmark.tracking.Run;
import io.shelfmark.tracking.Tracker;
import io.shelfmark.tracking.mlflow.MlflowHost;
import io.shelfmark.tracking.mlflow.MlflowServlet;
import io.shelfmark.tracking.store.NewModelVersion;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in Chromium, served by the servlet over records that the tracker logged to SQLite. */
class ServedPageTest {

  @TempDir static Path folder;

  private static Workspace workspace;
  private static Tracker tracker;
  private static MlflowHost host;
  private static Browser page;
  private static String experiment;
  private static String first;
  private static String second;

  @BeforeAll
  static void start() {
    workspace = Workspace.open(folder);
    tracker = Tracker.in(workspace);
    log(tracker.experiment("tag-detector"));
    tracker.flush();
    host = MlflowHost.mounting(MlflowServlet.over(tracker.store()), "/mlflow");
    page = Browser.start(host.uri() + "/").orElse(null);
    assumeTrue(
        page != null, "chromium or chromedriver is not on the path: the page is not tried here");
  }

  private static void log(Experiment detector) {
    experiment = detector.id();
    detector.note("Finds price tags.");
    first = run(detector, "small-images", 0.01);
    second = run(detector, "large-images", 0.001);
    tracker.models().create("tag-detector", "For shops", Map.of());
    for (String run : List.of(first, second)) {
      tracker
          .models()
          .createVersion(
              new NewModelVersion(
                  "tag-detector",
                  "runs:/" + run + "/model",
                  Optional.of(run),
                  Optional.empty(),
                  "",
                  Map.of()));
    }
    tracker.models().setAlias("tag-detector", "production", 1);
    tracker.models().setAlias("tag-detector", "production", 2);
  }

  private static String run(Experiment detector, String name, double rate) {
    try (Run run = detector.start(name)) {
      run.param("lr", rate).param("optimizer", "adam").tag("store", "42");
      for (int step = 0; step < 50; step++) {
        run.metric("loss", 2 / (1 + step * rate * 10), step);
      }
      run.metric("val/mAP50", 0.8 + rate, 50).metric("broken", Double.NaN, 1);
      run.text("notes/readme.txt", "what was tried");
      run.figure("plots/shelf.png", new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB));
      run.table("readings.csv", List.of("tag", "price"), List.of(List.of(1, "9.99")));
      return run.id();
    }
  }

  @AfterAll
  static void stop() {
    if (page != null) {
      page.close();
    }
    host.close();
    tracker.close();
    workspace.close();
  }

  @AfterEach
  void nothingComplained() {
    assertThat(page.complaints()).filteredOn(line -> !line.contains("a status of 40")).isEmpty();
  }

  @Test
  void experimentsAndRuns_onRecord_areListedFilteredAndSorted() {
    page.open("");
    page.until("document.querySelectorAll('tbody th a').length > 0");
    assertThat(page.texts("tbody th a")).contains("tag-detector");
    page.clickLink("tag-detector");
    page.until("document.querySelectorAll('tr[data-index]').length === 2");
    page.settle();
    assertThat(page.texts("tr[data-index] .name"))
        .containsExactlyInAnyOrder("small-images", "large-images");
    page.click("[data-key='metrics.val/mAP50']");
    page.until("document.querySelector('[aria-sort=ascending] [data-key=\"metrics.val/mAP50\"]')");
    page.settle();
    assertThat(page.texts("tr[data-index] .name")).containsExactly("large-images", "small-images");
    page.type("#filter", "params.lr = '0.01'", Keys.ENTER);
    page.until("document.querySelectorAll('tr[data-index]').length === 1");
    page.settle();
    page.type("#filter", " AND", Keys.ENTER);
    page.until("!document.getElementById('filter-refused').hidden");
    assertThat(page.text("#filter-refused")).contains("found its end");
    page.shoot("served-runs");
  }

  @Test
  void run_onRecord_showsCurvesAndArtifacts() {
    page.open("#/runs/" + first);
    page.until("document.querySelectorAll('.card h2').length >= 4");
    assertThat(page.text("h1")).isEqualTo("small-images");
    assertThat(page.texts("tbody th")).contains("loss", "lr", "store");
    page.shoot("served-run");
    page.open("#/runs/" + first + "/curves?metric=loss");
    page.until("document.querySelector('.chart canvas')");
    page.click("summary");
    page.until("document.querySelector('.chart tbody td')");
    assertThat(page.texts(".chart tbody td").get(0)).isEqualTo("50");
    String artifacts = "#/runs/" + first + "/artifacts?path=";
    page.open(artifacts + "plots%2Fshelf.png");
    page.until("document.querySelector('.preview img')?.naturalWidth === 64");
    page.open(artifacts + "notes%2Freadme.txt");
    assertThat(page.text(".preview pre")).isEqualTo("what was tried");
    page.open(artifacts + "readings.csv");
    assertThat(page.texts(".preview td")).containsExactly("1", "9.99");
  }

  @Test
  void comparisonAndRegistry_onRecord_areShown() {
    page.open("#/compare/params?run=" + first + "&run=" + second);
    assertThat(page.texts("tr.differs th")).hasSize(1).first().asString().startsWith("lr");
    page.open("#/compare/curves?run=" + first + "&run=" + second);
    page.until("document.querySelector('[data-metric=loss] canvas')");
    page.open("#/experiments/" + experiment + "/parallel");
    page.until("document.querySelector('.parallel-area canvas')");
    page.open("#/models/tag-detector");
    page.until("document.querySelectorAll('.moves li').length === 2");
    assertThat(page.texts(".moves li div:first-child"))
        .containsExactly("Version 1 → Version 2", "Set to Version 1");
    page.open("#/models/tag-detector/versions/2");
    assertThat(page.texts("h1")).containsExactly("tag-detector, version 2");
    page.shoot("served-model");
  }
}
