package io.shelfmark.pipeline.schedule;

import io.shelfmark.pipeline.MetricSource;
import java.util.Objects;

/**
 * Where a metric of the runs of an experiment must be for a trigger to fire. Begun with {@link
 * Trigger#metric}. Immutable and thread-safe.
 */
public final class MetricCondition {

  private final MetricSource source;
  private final String experiment;
  private final String metric;

  MetricCondition(MetricSource source, String experiment, String metric) {
    this.source = Objects.requireNonNull(source, "source");
    this.experiment = Objects.requireNonNull(experiment, "experiment");
    this.metric = Objects.requireNonNull(metric, "metric");
  }

  /** Above a value: once for each run whose last point is. */
  public Trigger above(double limit) {
    return trigger(
        "above " + limit, new MetricThreshold(source, experiment, metric, value -> value > limit));
  }

  /** Below a value: once for each run whose last point is. */
  public Trigger below(double limit) {
    return trigger(
        "below " + limit, new MetricThreshold(source, experiment, metric, value -> value < limit));
  }

  /**
   * At least so far from the value at which the trigger fired last; before the first fire, from the
   * value that was there when it was first watched. The last point of all runs counts.
   *
   * @throws IllegalArgumentException when it is not above 0
   */
  public Trigger changesBy(double difference) {
    if (!(difference > 0)) {
      throw new IllegalArgumentException(
          "Cannot watch for a change by %s: expected more than 0".formatted(difference));
    }
    return trigger(
        "changes by " + difference, new MetricChange(source, experiment, metric, difference));
  }

  private Trigger trigger(String condition, EventSource events) {
    return Trigger.of(
        "metric %s of %s %s".formatted(metric, experiment, condition), places -> events);
  }
}
