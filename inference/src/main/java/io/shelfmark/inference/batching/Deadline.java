package io.shelfmark.inference.batching;

import io.shelfmark.inference.DeadlineException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The moment until which an answer is of use, or never. By the machine's monotonic clock, so that a
 * corrected wall clock moves no deadline. Immutable.
 */
public final class Deadline {

  private static final Deadline NEVER = new Deadline(Duration.ZERO, 0);

  private final Duration given;
  private final long nanos;

  private Deadline(Duration given, long nanos) {
    this.given = given;
    this.nanos = nanos;
  }

  /** No deadline. */
  public static Deadline never() {
    return NEVER;
  }

  /** So much from now on; at most a hundred years. */
  public static Deadline in(Duration given) {
    return at(given, System.nanoTime());
  }

  /** The same where there is a limit, {@link #never} elsewhere. */
  public static Deadline in(Optional<Duration> given) {
    return given.map(Deadline::in).orElse(NEVER);
  }

  static Deadline at(Duration given, long now) {
    Objects.requireNonNull(given, "given");
    if (given.isNegative() || given.isZero() || given.compareTo(Duration.ofDays(36_500)) > 0) {
      throw new IllegalArgumentException(
          "Cannot set deadline: found %s, expected more than nothing and at most 100 years"
              .formatted(given));
    }
    return new Deadline(given, now + given.toNanos());
  }

  /** Whether there is none. */
  @SuppressWarnings("ReferenceEquality")
  public boolean isNever() {
    return this == NEVER;
  }

  /** Whether it has passed. */
  public boolean hasPassed() {
    return !isNever() && hasPassed(System.nanoTime());
  }

  boolean hasPassed(long now) {
    return left(now) <= 0;
  }

  /** Nanoseconds from {@code now} to the deadline; the largest number when it never comes. */
  long left(long now) {
    return isNever() ? Long.MAX_VALUE : nanos - now;
  }

  /**
   * Does nothing before the deadline.
   *
   * @param verb what is being done, such as {@code read photo}
   * @param thing to what, such as its name
   * @throws DeadlineException when it has passed
   */
  public void requireLeft(String verb, Object thing) {
    if (hasPassed()) {
      throw exceeded(verb + " " + thing);
    }
  }

  DeadlineException exceeded(String what) {
    return DeadlineException.passed(what, given);
  }

  DeadlineException tooNear(String what, long left, long needed) {
    return DeadlineException.near(
        what, given, Duration.ofNanos(Math.max(0, left)), Duration.ofNanos(needed));
  }
}
