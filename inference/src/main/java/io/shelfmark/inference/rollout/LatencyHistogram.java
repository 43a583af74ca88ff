package io.shelfmark.inference.rollout;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of times in buckets that are 1/32 of their value wide, from a nanosecond to centuries: the
 * layout of HdrHistogram (Gil Tene, hdrhistogram.org) with five bits of precision. A quantile is
 * the upper end of its bucket, so at most 3.2 % too long. Always 15 kB; thread-safe, without locks.
 */
final class LatencyHistogram {

  private static final int BITS = 5;
  private static final int HALF = 1 << BITS;

  private final AtomicLongArray counts = new AtomicLongArray(bucket(Long.MAX_VALUE) + 1);

  void record(long nanos) {
    counts.incrementAndGet(bucket(Math.max(0, nanos)));
  }

  /** The time within which {@code share} of all lie; zero when there are none. */
  Duration quantile(double share) {
    long total = 0;
    for (int i = 0; i < counts.length(); i++) {
      total += counts.get(i);
    }
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < counts.length() && total > 0; i++) {
      seen += counts.get(i);
      if (seen >= wanted) {
        return Duration.ofNanos(end(i));
      }
    }
    return Duration.ZERO;
  }

  private static int bucket(long nanos) {
    int shift = Math.max(0, Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos));
    return shift * HALF + (int) (nanos >>> shift);
  }

  /** The longest time of a bucket. */
  private static long end(int bucket) {
    if (bucket < 2 * HALF) {
      return bucket;
    }
    int shift = bucket / HALF - 1;
    long above = bucket - (long) shift * HALF + 1;
    return (above << shift) - 1;
  }
}
