package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.Disagreement.Field;
import io.shelfmark.inference.rollout.RolloutReport.CandidateFigures;
import io.shelfmark.inference.rollout.VersionFigures.Latency;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutReportTest {

  private static VersionFigures figures(String version, long photos, int millis) {
    return new VersionFigures(
        version,
        photos,
        1,
        new Latency(
            Duration.ofMillis(millis),
            Duration.ofMillis(2L * millis),
            Duration.ofMillis(3L * millis)),
        12.25,
        0.987);
  }

  @Test
  void table_withCandidate_hasARowForEachRole() {
    RolloutReport report =
        new RolloutReport(
            figures("v4", 12_000, 15),
            Optional.of(
                new CandidateFigures(
                    5,
                    figures("v5-int8", 600, 9),
                    new ShadowFigures(
                        2.5,
                        figures("v5-int8", 300, 10),
                        7,
                        14,
                        Map.of(Field.NAME, 9L, Field.PRICE, 5L)))),
            1);

    assertThat(report.table())
        .isEqualTo(
            """
            version  role              photos  failed    median       p90       p99   tags  priced
            v4       current            12000       1   15.0 ms   30.0 ms   45.0 ms   12.3   98.7%
            v5-int8  canary 5 %           600       1    9.0 ms   18.0 ms   27.0 ms   12.3   98.7%
            v5-int8  shadow 2.50 %        300       1   10.0 ms   20.0 ms   30.0 ms   12.3   98.7%
            shadow: 14 of 300 photos disagree, 7 dropped: PRICE 5, NAME 9
            1 older version not closed yet
            """);
  }

  @Test
  void table_withoutCandidate_isOneRow() {
    assertThat(new RolloutReport(figures("v4", 2, 15), Optional.empty(), 0).table())
        .hasLineCount(2)
        .contains("v4");
  }

  @Test
  void figures_ofReadings_areMeansOfThoseThatWereRead() {
    Meter meter = new Meter();
    meter.read(
        new ShelfReading("a", 1, 1, List.of(FakeModels.tag(0, 1), FakeModels.tag(1, 1))), 1_000);
    meter.read(new ShelfReading("b", 1, 1, List.of()), 3_000);
    meter.failed();

    VersionFigures figures = meter.figures("v1");
    assertThat(figures.photos()).isEqualTo(3);
    assertThat(figures.failures()).isEqualTo(1);
    assertThat(figures.tagsPerPhoto()).isEqualTo(1);
    assertThat(figures.pricedShare()).isEqualTo(1);
    assertThat(figures.latency().median().toNanos()).isBetween(1_000L, 1_031L);
    assertThat(figures.latency().p99().toNanos()).isBetween(3_000L, 3_093L);
  }

  @Test
  void figures_nothingRead_areZero() {
    assertThat(new Meter().figures("v1"))
        .isEqualTo(
            new VersionFigures(
                "v1", 0, 0, new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO), 0, 0));
  }
}
