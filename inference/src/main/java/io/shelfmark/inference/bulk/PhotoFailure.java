package io.shelfmark.inference.bulk;

import java.util.Objects;

/**
 * Why a photo has no reading. Immutable.
 *
 * @param kind whose fault it is, and so whether the next run tries again
 * @param message what was found, what was expected and what to do
 */
public record PhotoFailure(Kind kind, String message) {

  /** Whose fault a failure is. */
  public enum Kind {
    /** The bytes are no picture that can be decoded: not tried again until they change. */
    UNREADABLE,
    /** The bytes could not be had: the next run tries again. */
    UNAVAILABLE,
    /** Reading the photo failed otherwise: the next run tries again. */
    FAILED
  }

  /** Refuses null. */
  public PhotoFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
  }

  /** Whether the next run reads the photo again although its content has not changed. */
  public boolean isTriedAgain() {
    return kind != Kind.UNREADABLE;
  }
}
