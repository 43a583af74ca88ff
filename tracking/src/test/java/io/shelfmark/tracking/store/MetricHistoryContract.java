package io.shelfmark.tracking.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of runs does with the points of metrics. */
public abstract class MetricHistoryContract extends StoreContract {

  @Test
  void metrics_logged_showTheLastByStepThenTimeThenValue() {
    RunRecord run = begin("last");
    String id = run.info().id();
    store
        .runs()
        .log(
            id,
            RunLog.metrics(
                List.of(
                    new Metric("m", 5, 2, START),
                    new Metric("m", 9, 1, START.plusSeconds(9)),
                    new Metric("m", 3, 2, START.plusSeconds(1)),
                    new Metric("m", 4, 2, START.plusSeconds(1)))));
    store.runs().log(id, RunLog.metrics(List.of(new Metric("m", 100, 0, START.plusSeconds(60)))));

    assertThat(read(run).metrics().get("m")).isEqualTo(new Metric("m", 4, 2, START.plusSeconds(1)));
  }

  @Test
  void metrics_specialNumbers_comeBack() {
    RunRecord run = begin("special");
    List<Metric> points =
        List.of(
            point("m", Double.NEGATIVE_INFINITY, 1),
            point("m", Double.NaN, 2),
            point("m", Double.MIN_VALUE, 3),
            point("m", -0.1, 4),
            point("m", 1e300, 5),
            point("m", Double.POSITIVE_INFINITY, Long.MAX_VALUE - 5));
    store.runs().log(run.info().id(), RunLog.metrics(points.subList(0, 5)));
    store
        .runs()
        .log(
            run.info().id(),
            RunLog.metrics(List.of(new Metric("m", Double.POSITIVE_INFINITY, 6, START))));

    List<Metric> found = store.runs().history(run.info().id(), "m", 100, Optional.empty()).items();
    assertThat(found).hasSize(6);
    assertThat(found.subList(0, 5)).isEqualTo(points.subList(0, 5));
    assertThat(read(run).metrics().get("m").value()).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void metric_samePointTwice_isOne() {
    RunRecord run = begin("same");
    RunLog log = RunLog.metrics(List.of(point("m", 1.5, 3), point("m", Double.NaN, 4)));
    store.runs().log(run.info().id(), log);
    store.runs().log(run.info().id(), log);

    assertThat(store.runs().history(run.info().id(), "m", 100, Optional.empty()).items())
        .hasSize(2);
  }

  @Test
  void history_inPages_isWholeAndInOrder() {
    RunRecord run = begin("pages");
    List<Metric> points = new ArrayList<>();
    IntStream.range(0, 25).forEach(i -> points.add(point("m", Math.sin(i), i)));
    List<Metric> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(7));
    store.runs().log(run.info().id(), RunLog.metrics(shuffled));

    List<Metric> found = new ArrayList<>();
    Optional<String> page = Optional.empty();
    int pages = 0;
    do {
      Page<Metric> next = store.runs().history(run.info().id(), "m", 10, page);
      found.addAll(next.items());
      page = next.next();
      pages++;
    } while (page.isPresent());

    assertThat(found).isEqualTo(points);
    assertThat(pages).isEqualTo(3);
    assertThat(store.runs().history(run.info().id(), "none", 10, Optional.empty()).items())
        .isEmpty();
  }

  @Test
  void curve_ofManyPoints_keepsExtremesAndEnds() {
    RunRecord run = begin("curve");
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      points.add(point("m", i == 1234 ? 99 : i == 2345 ? -99 : Math.sin(i / 50.0), i));
    }
    for (int from = 0; from < points.size(); from += 500) {
      store.runs().log(run.info().id(), RunLog.metrics(points.subList(from, from + 500)));
    }

    Curve curve = store.runs().curve(run.info().id(), "m", 100);

    assertThat(curve.total()).isEqualTo(3000);
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(102).hasSizeGreaterThan(50);
    assertThat(curve.points()).contains(points.get(0), points.get(2999));
    assertThat(curve.points()).contains(points.get(1234), points.get(2345));
    assertThat(curve.points()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
    assertThat(store.runs().curve(run.info().id(), "none", 100).points()).isEmpty();
  }

  @Test
  void curve_ofVeryManyPointsInBatchesOfAnySize_keepsEveryPeak() {
    RunRecord run = begin("long curve");
    int count = 25_000;
    List<Integer> peaks = List.of(3, 57, 99, 100, 5_001, 12_345, 24_990);
    List<Metric> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int peak = peaks.indexOf(i);
      points.add(point("m", peak < 0 ? Math.sin(i / 50.0) : 100 + peak, i));
    }
    Random random = new Random(8);
    int from = 0;
    while (from < count) {
      int size = from < 300 ? 1 + random.nextInt(60) : 900;
      int to = Math.min(count, from + size);
      store.runs().log(run.info().id(), RunLog.metrics(points.subList(from, to)));
      from = to;
    }

    Curve curve = store.runs().curve(run.info().id(), "m", 2000);

    assertThat(curve.total()).isEqualTo(count);
    assertThat(curve.points()).hasSizeLessThanOrEqualTo(2002);
    // of neighbors in one stretch only the highest is kept
    assertThat(curve.points())
        .contains(points.get(99), points.get(100), points.get(5_001), points.get(12_345));
    assertThat(curve.points()).contains(points.get(24_990), points.get(0), points.get(count - 1));
    assertThat(curve.points()).isSortedAccordingTo((a, b) -> Long.compare(a.step(), b.step()));
  }

  @Test
  void history_pageOfAnySize_isServedAndNoneOfNothing() {
    RunRecord run = begin("pages");
    String id = run.info().id();
    store.runs().log(id, RunLog.metrics(List.of(point("m", 1, 1), point("m", 2, 2))));

    assertThat(store.runs().history(id, "m", Integer.MAX_VALUE, Optional.empty()).items())
        .hasSize(2);
    for (int bad : List.of(0, -1, Integer.MIN_VALUE)) {
      assertThatThrownBy(() -> store.runs().history(id, "m", bad, Optional.empty()))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> store.runs().curve(id, "m", bad))
          .isInstanceOf(InvalidRequestException.class);
    }
  }
}
