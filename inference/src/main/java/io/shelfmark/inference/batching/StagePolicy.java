package io.shelfmark.inference.batching;

import java.time.Duration;

/**
 * How the runs of one network are put together. Immutable.
 *
 * @param lanes runs at once: sessions of a GPU, or cores; at least 1
 * @param maxBatch most photos, tags or lines in one run of several callers; 1 is each caller's run
 *     by itself, on the caller's thread, and costs nothing. One caller's run may be larger
 * @param maxDelay longest time that a run waits for others to join it, at most a minute
 */
public record StagePolicy(int lanes, int maxBatch, Duration maxDelay) {

  private static final StagePolicy ALONE = new StagePolicy(1, 1, Duration.ZERO);

  /** Callers of a network are threads that wait, so there are never more than that. */
  private static final int QUEUE = 1 << 16;

  /** Refuses sizes below 1 and delays below zero or above a minute. */
  public StagePolicy {
    limits(lanes, maxBatch, maxDelay);
  }

  /** Each caller's run by itself. */
  public static StagePolicy alone() {
    return ALONE;
  }

  /** So many in a run, of what waits when one of {@code lanes} is free. */
  public static StagePolicy of(int lanes, int maxBatch) {
    return new StagePolicy(lanes, maxBatch, Duration.ZERO);
  }

  /** Whether runs of several callers are put together at all. */
  public boolean isBatched() {
    return maxBatch > 1;
  }

  /** Sizes of the batcher that does it. */
  public BatchLimits limits() {
    return limits(lanes, maxBatch, maxDelay);
  }

  private static BatchLimits limits(int lanes, int maxBatch, Duration maxDelay) {
    return new BatchLimits(lanes, maxBatch, maxDelay, QUEUE, WhenFull.WAIT);
  }
}
