package io.shelfmark.inference.evaluation;

import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a field: nothing, that it is not on the tag, or its value. Immutable.
 *
 * @param known whether the field was labelled
 * @param value the value; empty when not known, and when the tag does not have the field
 */
public record Truth<T>(boolean known, Optional<T> value) {

  /** Refuses a value that is not known. */
  public Truth {
    Objects.requireNonNull(value, "value");
    if (!known && value.isPresent()) {
      throw new IllegalArgumentException(
          "Cannot make truth: found value %s, expected none where nothing is known"
              .formatted(value.get()));
    }
  }

  /** Not labelled. */
  public static <T> Truth<T> unknown() {
    return new Truth<>(false, Optional.empty());
  }

  /** The tag does not have the field. */
  public static <T> Truth<T> absent() {
    return new Truth<>(true, Optional.empty());
  }

  /** The field's value. */
  public static <T> Truth<T> of(T value) {
    return new Truth<>(true, Optional.of(value));
  }

  Truth<T> or(Truth<T> other) {
    return known ? this : other;
  }
}
