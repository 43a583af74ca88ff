package io.shelfmark.inference;

import io.shelfmark.ShelfmarkException;
import java.time.Duration;

/**
 * The work was not done within the time that its caller gave it, or could not have been any more,
 * and is given up. Nothing is wrong with the photo: the caller may ask again with more time, or do
 * without the answer.
 */
public final class DeadlineException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final Duration given;

  private DeadlineException(String message, Duration given) {
    super(message);
    this.given = given;
  }

  /**
   * Work that has run out of time.
   *
   * @param what what could not be done, such as {@code read photo shelf.jpg}
   * @param given the time that the caller gave it
   */
  public static DeadlineException passed(String what, Duration given) {
    return new DeadlineException(
        "Cannot %s: found it unfinished after %d ms, expected an answer by then (give it more time, or ask less at once)"
            .formatted(what, given.toMillis()),
        given);
  }

  /**
   * Work that has too little time left to be worth beginning.
   *
   * @param what what could not be done, such as {@code read photo shelf.jpg}
   * @param given the time that the caller gave it
   * @param left what is left of it
   * @param needed what such work takes at the moment
   */
  public static DeadlineException near(
      String what, Duration given, Duration left, Duration needed) {
    return new DeadlineException(
        "Cannot %s: found %d ms left of %d, expected the %d that it takes at the moment (give it more time, or ask less at once)"
            .formatted(what, left.toMillis(), given.toMillis(), needed.toMillis()),
        given);
  }

  /** The time that the caller gave. */
  public Duration given() {
    return given;
  }
}
