package io.shelfmark.artifact;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which versions are kept although no alias, reference or other version does, or which runs of
 * pipelines stay on record. The last version of a name, or run of a pipeline, is always kept.
 * Immutable and thread-safe.
 */
public final class RetentionRule {

  private final int last;
  private final Optional<Duration> age;

  private RetentionRule(int last, Optional<Duration> age) {
    this.last = last;
    this.age = age;
  }

  /** Keeps every version. */
  public static RetentionRule keepAll() {
    return new RetentionRule(Integer.MAX_VALUE, Optional.empty());
  }

  /**
   * Keeps the last versions of each name.
   *
   * @param count 1 or more
   */
  public static RetentionRule keepLast(int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "Cannot keep the last %d versions: expected 1 or more".formatted(count));
    }
    return new RetentionRule(count, Optional.empty());
  }

  /** Keeps also the versions that are younger by the store's clock. */
  public RetentionRule andYoungerThan(Duration value) {
    return new RetentionRule(last, Optional.of(Objects.requireNonNull(value, "value")));
  }

  /**
   * Whether a version is kept.
   *
   * @param later how many versions of its name follow it
   * @param written when it was made, by the store's clock
   * @param now the present time by the same clock
   */
  public boolean keeps(long later, Instant written, Instant now) {
    return later < last || age.filter(limit -> written.plus(limit).isAfter(now)).isPresent();
  }
}
