package io.shelfmark.inference.bulk;

import io.shelfmark.inference.ShelfReading;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one photo among many: one line of a file of results. Immutable.
 *
 * @param file the photo's name
 * @param bytes size of its content in bytes
 * @param modified when its content last changed
 * @param readAt when the outcome was known
 * @param readBy what the host calls its models and options; empty when it gave no name
 * @param reading its tags, or empty when it failed; its source is {@code file}
 * @param failure why it failed, or empty when it was read
 */
public record BulkOutcome(
    String file,
    long bytes,
    Instant modified,
    Instant readAt,
    Optional<String> readBy,
    Optional<ShelfReading> reading,
    Optional<PhotoFailure> failure) {

  /** Refuses an outcome that is both or neither. */
  public BulkOutcome {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(modified, "modified");
    Objects.requireNonNull(readAt, "readAt");
    Objects.requireNonNull(readBy, "readBy");
    if (reading.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot make outcome of %s: found reading %s and failure %s, expected exactly one"
              .formatted(file, reading, failure));
    }
  }

  /** How many tags were read. */
  int tags() {
    return reading.map(value -> value.tags().size()).orElse(0);
  }
}
