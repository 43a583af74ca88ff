package io.shelfmark.pipeline;

import io.shelfmark.storage.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a step, or the value of a parameter.
 *
 * @param state how it ended
 * @param result what it gave, if it did
 * @param value the same as an object
 */
record Settled(StepState state, Optional<StepResult> result, @Nullable Object value) {

  static Settled without(StepState state) {
    return new Settled(state, Optional.empty(), null);
  }

  boolean isMissing() {
    return result.isEmpty();
  }

  boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  Object requireValue() {
    if (value == null) {
      throw new IllegalStateException("a step without a result is taken from by none that runs");
    }
    return value;
  }

  Digest requireDigest() {
    return result.orElseThrow().digest();
  }
}
