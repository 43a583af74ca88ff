package io.shelfmark.tracking.internal.mlflow.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The attempts at one thing, until a deadline. The waits between them double and are random between
 * nothing and that («full jitter», M. Brooker, AWS Architecture Blog, 2015), so that clients that
 * were turned away together do not come back together; a server that names a wait gets it. Not
 * thread-safe.
 */
final class Attempts {

  /** Waits; a test's does not. */
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Duration deadline;
  private final LongSupplier ticker;
  private final Sleeper sleeper;
  private final long start;
  private int made = 1;

  Attempts(Duration deadline, LongSupplier ticker, Sleeper sleeper) {
    this.deadline = deadline;
    this.ticker = ticker;
    this.sleeper = sleeper;
    this.start = ticker.getAsLong();
  }

  /** How many were made, this one included. */
  int made() {
    return made;
  }

  Duration left() {
    return deadline.minusNanos(ticker.getAsLong() - start);
  }

  /**
   * Waits for the next attempt.
   *
   * @param asked the least that the server asks for
   * @return false when there is no time for one, or the thread was interrupted
   */
  boolean await(Duration asked) {
    long bound = Math.min(LONGEST.toNanos(), SHORTEST.toNanos() << Math.min(made - 1, 10));
    Duration jitter = Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound));
    Duration pause = jitter.compareTo(asked) < 0 ? asked : jitter;
    if (left().compareTo(pause) <= 0) {
      return false;
    }
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    made++;
    return true;
  }
}
