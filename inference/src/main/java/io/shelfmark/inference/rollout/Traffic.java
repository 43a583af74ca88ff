package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.rollout.RolloutReport.CandidateFigures;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which version reads which photo. Immutable: a change puts another one in its place, so that a
 * photo sees one state of it.
 *
 * @param current reads what the candidate does not
 * @param trial the candidate and its shares, if there is one
 */
record Traffic(Lane current, @Nullable Trial trial) {

  /** How finely shares are kept: hundredths of a percent. */
  static final int PARTS = 10_000;

  /**
   * A candidate.
   *
   * @param lane what it answers
   * @param canary how many of {@link #PARTS} it answers
   * @param shadow what it reads beside the current version
   */
  record Trial(Lane lane, int canary, Shadow shadow) {

    CandidateFigures figures() {
      return new CandidateFigures(percent(canary), lane.figures(), shadow.figures());
    }
  }

  /** A share in percent as parts. */
  static int parts(String what, double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "Cannot set share of %s: found %s %%, expected 0 to 100".formatted(what, percent));
    }
    return (int) Math.round(percent * PARTS / 100);
  }

  /** Parts as a share in percent. */
  static double percent(int parts) {
    return parts * 100.0 / PARTS;
  }

  /** Whose photo it is. */
  Lane lane(ShelfPhoto photo) {
    return trial != null && trial.canary > 0 && photo.partition(PARTS) < trial.canary
        ? trial.lane
        : current;
  }

  /** The one or two versions that have a part in it. */
  Stream<ModelVersion> versions() {
    return trial == null
        ? Stream.of(current.version())
        : Stream.of(current.version(), trial.lane.version());
  }

  boolean names(ModelVersion version) {
    return versions().anyMatch(version::equals);
  }

  /** Whether photos of a trial are still compared where they were, if there was one. */
  boolean compares(@Nullable Trial before) {
    return before != null && trial != null && trial.shadow.equals(before.shadow);
  }
}
