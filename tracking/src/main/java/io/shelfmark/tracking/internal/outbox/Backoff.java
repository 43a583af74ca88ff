package io.shelfmark.tracking.internal.outbox;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, of which a
 * random half is left out so that many processes do not come back at once. For one thread.
 */
final class Backoff {

  private final long least;
  private final long most;
  private final RandomGenerator random;
  private long next;

  Backoff(Duration least, Duration most, RandomGenerator random) {
    this.least = least.toNanos();
    this.most = most.toNanos();
    this.random = random;
    this.next = this.least;
  }

  /** The next wait in nanoseconds. */
  long next() {
    long now = next;
    next = now > most / 2 ? most : 2 * now;
    return now / 2 + random.nextLong(now / 2 + 1);
  }

  /** Begins anew, after a success. */
  void reset() {
    next = least;
  }
}
