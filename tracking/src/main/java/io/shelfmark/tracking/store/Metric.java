package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Objects;

/**
 * One point of a run's metric. Of two points the later one is that with the greater step, then the
 * later time, then the greater value; NaN is greater than every number.
 *
 * @param key of the metric, such as {@code val/mAP50}; 1 to 250 characters
 * @param value may be NaN or infinite
 * @param step where on the x axis it lies; an epoch or a batch, as the program counts
 * @param time when it was logged, to the millisecond
 */
public record Metric(String key, double value, long step, Instant time) {

  /** Checks that everything is there; the key is checked where it is written. */
  public Metric {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(time, "time");
  }
}
