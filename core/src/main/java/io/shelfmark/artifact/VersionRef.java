package io.shelfmark.artifact;

import java.util.Locale;
import java.util.Objects;

/**
 * The name of one version in a workspace, such as {@code artifact:tag-detector@3}.
 *
 * @param kind of what it is a version
 * @param name of the artifact or dataset
 * @param number from 1
 */
public record VersionRef(Kind kind, String name, long number) {

  /** Of what there are versions. */
  public enum Kind {
    /** A model, a report, any output. */
    ARTIFACT,
    /** A file set. */
    DATASET;

    private String prefix() {
      return name().toLowerCase(Locale.ROOT) + ":";
    }
  }

  /**
   * @throws IllegalArgumentException when the number is less than 1
   */
  public VersionRef {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    if (number < 1) {
      throw new IllegalArgumentException(
          "Cannot name version %d of %s: expected a number from 1".formatted(number, name));
    }
  }

  /** A version of an artifact. */
  public static VersionRef artifact(String name, long number) {
    return new VersionRef(Kind.ARTIFACT, name, number);
  }

  /** A version of a dataset. */
  public static VersionRef dataset(String name, long number) {
    return new VersionRef(Kind.DATASET, name, number);
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException when it is something else
   */
  public static VersionRef parse(String text) {
    int at = text.lastIndexOf('@');
    for (Kind kind : Kind.values()) {
      if (text.startsWith(kind.prefix()) && at > kind.prefix().length()) {
        try {
          return new VersionRef(
              kind,
              text.substring(kind.prefix().length(), at),
              Long.parseLong(text.substring(at + 1)));
        } catch (NumberFormatException e) {
          break;
        }
      }
    }
    throw new IllegalArgumentException(
        "Cannot read version %s: expected artifact:name@number or dataset:name@number"
            .formatted(text));
  }

  /** {@code kind:name@number}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return kind.prefix() + name + "@" + number;
  }
}
