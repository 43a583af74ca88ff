package io.shelfmark.tracking.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.tracking.store.Metric;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DownsamplingTest {

  @Property(tries = 300)
  void points_thinnedOut_keepEndsExtremesAndOrder(
      @ForAll @Size(min = 2, max = 400) List<Double> values,
      @ForAll @IntRange(min = 2, max = 60) int limit) {
    List<Metric> points =
        IntStream.range(0, values.size())
            .mapToObj(i -> new Metric("m", values.get(i), i, Instant.EPOCH))
            .toList();

    List<Metric> kept = Downsampling.of(points, limit);

    assertThat(kept).hasSizeLessThanOrEqualTo(Math.max(limit, 4));
    assertThat(kept).isSortedAccordingTo(Comparator.comparingLong(Metric::step));
    assertThat(kept).doesNotHaveDuplicates();
    assertThat(points).containsAll(kept);
    assertThat(kept).contains(points.get(0), points.get(points.size() - 1));
    Comparator<Metric> byValue = Comparator.comparingDouble(Metric::value);
    assertThat(kept.stream().max(byValue).orElseThrow().value())
        .isEqualTo(points.stream().max(byValue).orElseThrow().value());
    assertThat(kept.stream().min(byValue).orElseThrow().value())
        .isEqualTo(points.stream().min(byValue).orElseThrow().value());
  }
}
