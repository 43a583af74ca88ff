package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {

  @Test
  void quantile_nothingRecorded_isZero() {
    assertThat(new LatencyHistogram().quantile(0.99)).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 31, 32, 63, 64, 65, 1_000_000_007, Long.MAX_VALUE})
  void quantile_oneTime_isThatTimeOrAThirtySecondMore(long nanos) {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(nanos);

    assertThat(histogram.quantile(0.5).toNanos() - nanos).isBetween(0L, nanos / 32);
  }

  @Property(tries = 200)
  void quantile_manyTimes_isThatOfTheSortedOnesOrAThirtySecondMore(
      @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 1L << 50) Long> times) {
    LatencyHistogram histogram = new LatencyHistogram();
    times.forEach(histogram::record);
    List<Long> sorted = new java.util.ArrayList<>(times);
    Collections.sort(sorted);

    for (double share : new double[] {0.5, 0.9, 0.99, 1}) {
      long exact = sorted.get((int) Math.ceil(share * sorted.size()) - 1);
      assertThat(histogram.quantile(share).toNanos() - exact).isBetween(0L, exact / 32);
    }
  }
}
