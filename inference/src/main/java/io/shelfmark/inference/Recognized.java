package io.shelfmark.inference;

import java.util.Objects;

/**
 * A value read off a photo and how sure the reader is of it. Immutable.
 *
 * @param value what was read
 * @param confidence calibrated probability that {@code value} is right, 0 to 1
 */
public record Recognized<T>(T value, double confidence) {

  /** Refuses a confidence outside 0 to 1. */
  public Recognized {
    Objects.requireNonNull(value, "value");
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          "Cannot make recognized value %s: found confidence %s, expected 0 to 1"
              .formatted(value, confidence));
    }
  }

  /** The value as text; the confidence is left out. */
  @Override
  public String toString() {
    return value.toString();
  }
}
