package io.shelfmark.inference.batching;

import java.time.Duration;
import java.util.Objects;

/**
 * Sizes of a {@link Batcher}. Immutable; {@link #of} gives the defaults.
 *
 * @param lanes batches that run at once, each on a thread; at least 1
 * @param maxBatch most that goes into one batch, by {@link BatchStage#size}; at least 1
 * @param maxDelay longest time that work is held back for others to join it; zero by default: a
 *     batch is what waits when a lane is free
 * @param queue how much may wait, in pieces of work; at least 1. A quarter of it, at least one
 *     place where there are two, is not for bulk
 * @param whenFull what happens to more
 */
public record BatchLimits(
    int lanes, int maxBatch, Duration maxDelay, int queue, WhenFull whenFull) {

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** Refuses sizes below 1 and delays below zero or above a minute. */
  public BatchLimits {
    requirePositive("lanes", lanes);
    requirePositive("maximum batch", maxBatch);
    requirePositive("queue", queue);
    Objects.requireNonNull(whenFull, "whenFull");
    if (maxDelay.isNegative() || maxDelay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException(
          "Cannot set maximum delay: found %s, expected nothing to a minute".formatted(maxDelay));
    }
  }

  /** No delay, four places in the queue for each lane, and callers that wait for room. */
  public static BatchLimits of(int lanes, int maxBatch) {
    return new BatchLimits(
        lanes, maxBatch, Duration.ZERO, Math.multiplyExact(4, lanes), WhenFull.WAIT);
  }

  /** Places that bulk may take. */
  int bulkQueue() {
    return queue == 1 ? 1 : queue - Math.max(1, queue / 4);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot set %s: found %d, expected 1 or more".formatted(what, value));
    }
  }
}
