package io.shelfmark.tracking.store;

import java.util.List;
import java.util.Objects;

/**
 * The history of a metric as one draws it: points by step, then time. Where there were more points
 * than asked for, it holds those with the least and the greatest value of each stretch, and the
 * first and the last point of all.
 *
 * @param key of the metric
 * @param points in their order
 * @param total how many points the history has
 */
public record Curve(String key, List<Metric> points, long total) {

  /** Copies the points. */
  public Curve {
    Objects.requireNonNull(key, "key");
    points = List.copyOf(points);
  }
}
