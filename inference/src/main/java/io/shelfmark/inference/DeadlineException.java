package io.shelfmark.inference;

import io.shelfmark.ShelfmarkException;
import java.time.Duration;

/**
 * The work was not done within the time that its caller gave it, and is not done any more. Nothing
 * is wrong with the photo: the caller may ask again with more time, or do without the answer.
 */
public final class DeadlineException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final Duration given;

  /**
   * Work that has run out of time.
   *
   * @param what what could not be done, such as {@code read photo shelf.jpg}
   * @param given the time that the caller gave it
   */
  public DeadlineException(String what, Duration given) {
    super(
        "Cannot %s: found it unfinished after %d ms, expected an answer by then (give it more time, or ask less at once)"
            .formatted(what, given.toMillis()));
    this.given = given;
  }

  /** The time that the caller gave. */
  public Duration given() {
    return given;
  }
}
