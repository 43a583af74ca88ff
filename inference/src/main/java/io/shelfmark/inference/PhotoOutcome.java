package io.shelfmark.inference;

import java.util.Objects;
import java.util.Optional;

/**
 * What became of one photo among many: its reading, or why there is none. Immutable.
 *
 * @param photo the photo that was asked for
 * @param reading its tags, or empty when it failed
 * @param failure why it failed, or empty when it was read
 */
public record PhotoOutcome(
    ShelfPhoto photo, Optional<ShelfReading> reading, Optional<RuntimeException> failure) {

  /** Refuses an outcome that is both or neither. */
  public PhotoOutcome {
    Objects.requireNonNull(photo, "photo");
    if (reading.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot make outcome of %s: found reading %s and failure %s, expected exactly one"
              .formatted(photo, reading, failure));
    }
  }
}
