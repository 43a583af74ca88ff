package io.shelfmark.tracking.internal;

import io.shelfmark.tracking.store.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * Thins points out for drawing: of each stretch of the x axis' points it keeps the least and the
 * greatest value, in their order, and of all the first and the last. A peak is never lost. Source:
 * the M4 aggregation (Jugel et al., VLDB 2014) without the ends of each stretch.
 */
public final class Downsampling {

  private Downsampling() {}

  /**
   * Thins out.
   *
   * @param points in their order
   * @param limit about how many to keep, 2 or more
   * @return all of them when they are not more
   */
  public static List<Metric> of(List<Metric> points, int limit) {
    if (points.size() <= limit) {
      return points;
    }
    int stretches = Math.max(1, (limit - 2) / 2);
    int inner = points.size() - 2;
    List<Metric> kept = new ArrayList<>(limit + 2);
    kept.add(points.get(0));
    for (int i = 0; i < stretches; i++) {
      int from = 1 + (int) ((long) inner * i / stretches);
      int to = 1 + (int) ((long) inner * (i + 1) / stretches);
      addExtremes(points, from, to, kept);
    }
    kept.add(points.get(points.size() - 1));
    return kept;
  }

  private static void addExtremes(List<Metric> points, int from, int to, List<Metric> kept) {
    int least = -1;
    int greatest = -1;
    for (int i = from; i < to; i++) {
      double value = points.get(i).value();
      if (Double.isNaN(value)) {
        continue;
      }
      if (least < 0 || value < points.get(least).value()) {
        least = i;
      }
      if (greatest < 0 || value > points.get(greatest).value()) {
        greatest = i;
      }
    }
    if (least < 0) {
      return;
    }
    kept.add(points.get(Math.min(least, greatest)));
    if (least != greatest) {
      kept.add(points.get(Math.max(least, greatest)));
    }
  }
}
