package io.shelfmark.inference.rollout;

import java.util.Objects;
import java.util.Optional;

/**
 * The figures of a rollout, both versions side by side: counted since the candidate was opened, or
 * since the current version took over when that was later. Get one from {@link
 * RollingRecognizer#report()}. Immutable.
 *
 * @param current what the version in use did
 * @param candidate what the candidate did, if there is one
 * @param draining older versions that still read their last photos, or are being closed
 */
public record RolloutReport(
    VersionFigures current, Optional<CandidateFigures> candidate, int draining) {

  /** Refuses null. */
  public RolloutReport {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(candidate, "candidate");
  }

  /**
   * What a candidate did.
   *
   * @param canaryPercent of the photos that it answers, 0 to 100
   * @param canary what it did with them
   * @param shadow what it read beside the version in use
   */
  public record CandidateFigures(
      double canaryPercent, VersionFigures canary, ShadowFigures shadow) {

    /** Refuses null. */
    public CandidateFigures {
      Objects.requireNonNull(canary, "canary");
      Objects.requireNonNull(shadow, "shadow");
    }
  }

  /** The figures as text for a log or a terminal: one row for each version and role. */
  public String table() {
    return RolloutTable.of(this);
  }
}
