package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Metric;
import java.util.ArrayList;
import java.util.List;

/** The points of one metric of one run that a transaction adds. Not thread-safe. */
final class SeriesBatch {

  final String runId;
  final String key;
  final List<Metric> points = new ArrayList<>();
  long seriesId;

  /** How many points the series had before; known once it is found or made. */
  long before;

  /**
   * The points of the first bucket before this batch, where this batch is the one that fills it.
   */
  List<Metric> first = List.of();

  /** Whether the series is made with this batch. */
  boolean isNew;

  /** How many of the points were not on record before; known once they are inserted. */
  long added;

  /** The latest of the points, as {@link SeriesWriter#LATER} has it. */
  Metric last() {
    return points.stream().max(SeriesWriter.LATER).orElseThrow();
  }

  SeriesBatch(String runId, String key) {
    this.runId = runId;
    this.key = key;
  }
}
