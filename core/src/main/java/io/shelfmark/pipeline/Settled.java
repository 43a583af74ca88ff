package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.shelfmark.storage.Digest;
import java.util.List;
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

  /** The same without the value. */
  Fate.Ended end() {
    return new Fate.Ended(state, result, Optional.empty());
  }

  /** What the results of a fan-out's elements are together. */
  static StepResult gathered(List<StepResult> results) {
    return new StepResult(
        results.stream().map(StepResult::json).collect(joining(",", "[", "]")),
        Digest.of(
            results.stream()
                .map(result -> result.digest().toString())
                .collect(joining("\n"))
                .getBytes(UTF_8)),
        results.stream().flatMap(result -> result.versions().stream()).distinct().toList(),
        Optional.empty());
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
