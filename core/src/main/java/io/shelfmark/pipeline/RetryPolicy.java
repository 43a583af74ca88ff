package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.List;

/**
 * How often a step is called and how long it waits in between: {@code
 * RetryPolicy.attempts(4).backoff(Duration.ofSeconds(1),
 * Duration.ofMinutes(1)).on(IOException.class)}. The wait doubles each time, and up to half of it
 * is left out at random so that many do not come back at once. Immutable and thread-safe.
 *
 * @param attempts calls in all, 1 or more
 * @param firstWait after the first failure
 * @param longestWait at most
 * @param causes the exceptions, or causes of them, that are worth another call; all when empty
 */
public record RetryPolicy(
    int attempts,
    Duration firstWait,
    Duration longestWait,
    List<Class<? extends Throwable>> causes) {

  /**
   * @throws IllegalArgumentException when there is no attempt or a wait is negative
   */
  public RetryPolicy {
    if (attempts < 1 || firstWait.isNegative() || longestWait.compareTo(firstWait) < 0) {
      throw new IllegalArgumentException(
          "Cannot retry %d times after %s to %s: expected 1 attempt or more, and waits that do not shrink"
              .formatted(attempts, firstWait, longestWait));
    }
    causes = List.copyOf(causes);
  }

  /** One call. */
  public static RetryPolicy never() {
    return attempts(1);
  }

  /** So many calls, 1 s to 1 min apart, whatever the exception. */
  public static RetryPolicy attempts(int count) {
    return new RetryPolicy(count, Duration.ofSeconds(1), Duration.ofMinutes(1), List.of());
  }

  /** Other waits. */
  public RetryPolicy backoff(Duration first, Duration longest) {
    return new RetryPolicy(attempts, first, longest, causes);
  }

  /** Only for some exceptions. */
  @SafeVarargs
  @SuppressWarnings("varargs") // they are only read
  public final RetryPolicy on(Class<? extends Throwable>... types) {
    return new RetryPolicy(attempts, firstWait, longestWait, List.of(types));
  }

  /** How long to wait after so many failures; luck, from 0 to 1, leaves out up to half. */
  Duration waitAfter(int failures, double luck) {
    Duration wait = firstWait;
    for (int i = 1; i < failures && wait.compareTo(longestWait) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    wait = wait.compareTo(longestWait) < 0 ? wait : longestWait;
    return wait.minusNanos((long) (wait.toNanos() * luck / 2));
  }

  /** Whether a failure is worth another call. */
  boolean covers(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Throwable present = cause;
      if (causes.isEmpty() || causes.stream().anyMatch(type -> type.isInstance(present))) {
        return true;
      }
    }
    return false;
  }
}
