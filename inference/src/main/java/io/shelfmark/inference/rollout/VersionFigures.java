package io.shelfmark.inference.rollout;

import java.time.Duration;
import java.util.Objects;

/**
 * What one version of the models did in one role. Immutable.
 *
 * @param version what the host calls it
 * @param photos that it was given and is done with, failures included
 * @param failures of them that ended with an exception, whoever's fault it was
 * @param latency of those that were read
 * @param tagsPerPhoto the mean of those that were read; 0 when none was
 * @param pricedShare of their tags how many have a price, 0 to 1; 0 when there are no tags
 */
public record VersionFigures(
    String version,
    long photos,
    long failures,
    Latency latency,
    double tagsPerPhoto,
    double pricedShare) {

  /** Refuses null. */
  public VersionFigures {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(latency, "latency");
  }

  /**
   * From the call to its end as the caller sees it: {@code recognizeAsync} and {@code recognizeAll}
   * include the wait in the queue. At most 3.2 % too long; zero when nothing was read.
   *
   * @param median half of the photos took at most this
   * @param p90 90 % of them
   * @param p99 99 % of them
   */
  public record Latency(Duration median, Duration p90, Duration p99) {

    /** Refuses null. */
    public Latency {
      Objects.requireNonNull(median, "median");
      Objects.requireNonNull(p90, "p90");
      Objects.requireNonNull(p99, "p99");
    }
  }
}
