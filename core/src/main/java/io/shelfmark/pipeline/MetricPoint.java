package io.shelfmark.pipeline;

import java.time.Instant;
import java.util.Objects;

/**
 * A number that a run of an experiment put on record.
 *
 * @param run the run's id, unique in its experiment
 * @param value the number; may be infinite or not a number
 * @param step its place on the x axis
 * @param at when, by the clock of who wrote it
 */
public record MetricPoint(String run, double value, long step, Instant at) {

  /** Checks that everything is there. */
  public MetricPoint {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(at, "at");
  }
}
