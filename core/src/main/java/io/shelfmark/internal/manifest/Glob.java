package io.shelfmark.internal.manifest;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.function.Predicate;

/** Patterns for paths, by the platform's own matcher. */
public final class Glob {

  private Glob() {}

  /**
   * Tells which paths match.
   *
   * @throws IllegalArgumentException when it is no pattern
   */
  public static Predicate<String> of(String glob) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    return path -> matcher.matches(Path.of(path));
  }
}
