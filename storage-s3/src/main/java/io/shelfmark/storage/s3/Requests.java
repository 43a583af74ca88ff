package io.shelfmark.storage.s3;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sends requests, again where that may help, until a deadline. The waits double from one attempt to
 * the next and are random between nothing and that («full jitter», M. Brooker, AWS Architecture
 * Blog, 2015), so that clients that were turned away together do not come back together. The SDK's
 * own retries are off: they do not tell whether an attempt may have been applied. Thread-safe.
 */
final class Requests {

  /** Waits; a test's does not. */
  interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /** One attempt. */
  interface Request<T> {
    /** Sends it; a reply that comes later than in the time left is of no use. */
    T send(Duration left);
  }

  /**
   * A reply.
   *
   * @param maybeRepeated whether an attempt before this one may have been applied
   */
  record Reply<T>(T value, boolean maybeRepeated) {}

  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration SHORTEST_THROTTLED = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Duration deadline;
  private final LongSupplier ticker;
  private final Sleeper sleeper;

  Requests(Duration deadline, LongSupplier ticker, Sleeper sleeper) {
    this.deadline = deadline;
    this.ticker = ticker;
    this.sleeper = sleeper;
  }

  /**
   * @throws FailedRequest when an attempt failed for good or the deadline is over
   */
  <T> Reply<T> send(Request<T> request) {
    long start = ticker.getAsLong();
    boolean maybeApplied = false;
    for (int attempt = 1; ; attempt++) {
      try {
        return new Reply<>(request.send(left(start)), maybeApplied);
      } catch (AbortedException e) {
        Thread.currentThread().interrupt();
        throw new FailedRequest(e, true);
      } catch (SdkException e) {
        Verdict verdict = Verdict.of(e);
        maybeApplied |= verdict.maybeApplied();
        Duration pause = pause(attempt, verdict.throttled() ? SHORTEST_THROTTLED : SHORTEST);
        boolean again =
            verdict.retry()
                && left(start).compareTo(pause) > 0
                && sleep(pause)
                // which may have taken longer than asked for
                && left(start).compareTo(Duration.ZERO) > 0;
        if (!again) {
          throw new FailedRequest(e, maybeApplied);
        }
      }
    }
  }

  private Duration left(long start) {
    return deadline.minusNanos(ticker.getAsLong() - start);
  }

  private static Duration pause(int attempt, Duration shortest) {
    long bound = Math.min(LONGEST.toNanos(), shortest.toNanos() << Math.min(attempt - 1, 10));
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(bound));
  }

  /** False when the thread was interrupted. */
  private boolean sleep(Duration pause) {
    try {
      sleeper.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
