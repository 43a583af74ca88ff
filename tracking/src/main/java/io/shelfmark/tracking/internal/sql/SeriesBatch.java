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

  /** How many of the points were not on record before; known once they are inserted. */
  long added;

  SeriesBatch(String runId, String key) {
    this.runId = runId;
    this.key = key;
  }
}
