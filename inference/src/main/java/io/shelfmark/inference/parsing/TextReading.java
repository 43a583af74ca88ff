package io.shelfmark.inference.parsing;

import java.util.Objects;

/**
 * One way to read a line of text. Immutable.
 *
 * @param text as the recognizer writes it: Latin letters that look Cyrillic are Cyrillic
 * @param confidence probability that every character is right, 0 to 1
 */
public record TextReading(String text, double confidence) {

  /** Refuses a confidence outside 0 to 1. */
  public TextReading {
    Objects.requireNonNull(text, "text");
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          "Cannot make reading '%s': found confidence %s, expected 0 to 1"
              .formatted(text, confidence));
    }
  }
}
