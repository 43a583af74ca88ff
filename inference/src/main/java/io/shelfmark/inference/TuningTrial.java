package io.shelfmark.inference;

import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.batching.Tuning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One policy on trial: the times of the photos that it has done so far. Not thread-safe. */
final class TuningTrial {

  /**
   * Photos done in a while, in nanoseconds.
   *
   * @param nanos what each one took
   * @param elapsed what they took on the clock, many at once
   */
  record Run(List<Long> nanos, long elapsed) {}

  private final BatchPolicy policy;
  private final List<Long> nanos = new ArrayList<>();
  private long elapsed;

  TuningTrial(BatchPolicy policy) {
    this.policy = policy;
  }

  BatchPolicy policy() {
    return policy;
  }

  boolean isMeasured() {
    return !nanos.isEmpty();
  }

  void add(Run run) {
    nanos.addAll(run.nanos());
    elapsed += run.elapsed();
  }

  double photosPerSecond() {
    return elapsed == 0 ? 0 : nanos.size() * 1e9 / elapsed;
  }

  Duration slowest() {
    return quantile(0.99);
  }

  Tuning.Candidate candidate() {
    return new Tuning.Candidate(policy, nanos.size(), photosPerSecond(), quantile(0.5), slowest());
  }

  private Duration quantile(double share) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return Duration.ofNanos(sorted[Math.max(0, index)]);
  }
}
