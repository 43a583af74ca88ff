package io.shelfmark.inference.batching;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a machine did best, and the figures that say so. Immutable.
 *
 * @param policy the policy that was chosen: of those within 3 % of the most photos a second, the
 *     one with the shortest time that 99 % of the photos keep
 * @param candidates all that were measured, in the order in which they were tried
 * @param measuredAt when; before the call where a saved one was found
 * @param file where it is kept
 */
public record Tuning(
    BatchPolicy policy, List<Candidate> candidates, Instant measuredAt, Path file) {

  /** Takes a copy of the list. */
  public Tuning {
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(measuredAt, "measuredAt");
    Objects.requireNonNull(file, "file");
    candidates = List.copyOf(candidates);
  }

  /**
   * One policy and how it did, with all its threads at work on the engine's runs of one shelf of
   * eight tags.
   *
   * @param policy what was tried
   * @param photos how many photos' runs were done
   * @param photosPerSecond how many a second
   * @param median of the time that the runs of one photo took
   * @param slowest the time that 99 % of them kept
   */
  public record Candidate(
      BatchPolicy policy, int photos, double photosPerSecond, Duration median, Duration slowest) {

    /** Refuses nulls. */
    public Candidate {
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(median, "median");
      Objects.requireNonNull(slowest, "slowest");
    }
  }
}
