package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Objects;

/**
 * What copying an experiment did.
 *
 * @param copied ids of the runs that were copied or brought up to date
 * @param left ids of the runs that were in the target already
 * @param failures what could not be copied
 * @param points how many points of metrics were sent
 * @param files how many files were sent
 * @param bytes how many bytes these have
 */
public record CopyReport(
    List<String> copied,
    List<String> left,
    List<Failure> failures,
    long points,
    long files,
    long bytes) {

  /**
   * Something that could not be copied; the others were.
   *
   * @param what such as {@code run 0123…}
   * @param reason why
   */
  public record Failure(String what, TrackingException reason) {
    /** Checks that everything is there. */
    public Failure {
      Objects.requireNonNull(what, "what");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Copies the lists. */
  public CopyReport {
    copied = List.copyOf(copied);
    left = List.copyOf(left);
    failures = List.copyOf(failures);
  }

  /** Whether everything is in the target now. */
  public boolean isComplete() {
    return failures.isEmpty();
  }
}
