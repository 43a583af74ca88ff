package io.shelfmark.dataset;

import io.shelfmark.Progress;
import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.manifest.Glob;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What is checked out and how, each option at its default until set. Get them from {@link
 * #defaults()}. Immutable and thread-safe.
 */
public final class CheckoutOptions {

  private final CheckoutMode mode;
  private final Predicate<FileEntry> filter;
  private final Progress.Listener progress;

  private CheckoutOptions(
      CheckoutMode mode, Predicate<FileEntry> filter, Progress.Listener progress) {
    this.mode = Objects.requireNonNull(mode, "mode");
    this.filter = Objects.requireNonNull(filter, "filter");
    this.progress = Objects.requireNonNull(progress, "progress");
  }

  /** Copies of all files, nobody told. */
  public static CheckoutOptions defaults() {
    return new CheckoutOptions(CheckoutMode.COPY, entry -> true, Progress.Listener.NONE);
  }

  /** How files come out. */
  public CheckoutOptions mode(CheckoutMode value) {
    return new CheckoutOptions(value, filter, progress);
  }

  /**
   * Only the files whose path matches, such as {@code 2024-05/**.jpg}; given twice, both must
   * match.
   *
   * @param glob as {@link java.nio.file.FileSystem#getPathMatcher} reads it
   */
  public CheckoutOptions matching(String glob) {
    Predicate<String> matches = Glob.of(glob);
    return where(entry -> matches.test(entry.path()));
  }

  /** Only the files that a condition holds for, such as {@code split.in("train")}. */
  public CheckoutOptions where(Predicate<? super FileEntry> condition) {
    return new CheckoutOptions(mode, filter.and(condition), progress);
  }

  /** Is told of each file that is written. */
  public CheckoutOptions progress(Progress.Listener value) {
    return new CheckoutOptions(mode, filter, value);
  }

  CheckoutMode mode() {
    return mode;
  }

  Predicate<FileEntry> filter() {
    return filter;
  }

  Progress.Listener progress() {
    return progress;
  }
}
