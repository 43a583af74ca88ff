package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds points to series, and keeps each series' last point and rollups with them. Not thread-safe.
 */
final class SeriesWriter {

  /** How many points one row of the rollup sums up. */
  static final int BUCKET = 100;

  /** Which of two points of a series is the later; {@code Double.compare} puts NaN last. */
  static final Comparator<Metric> LATER =
      Comparator.comparingLong(Metric::step)
          .thenComparing(Metric::time)
          .thenComparingDouble(Metric::value);

  private static final Comparator<Metric> GREATER = Comparator.comparingDouble(Metric::value);

  /** The least and greatest numbers of a bucket. */
  private static final class Extremes {
    @Nullable Metric least;
    @Nullable Metric greatest;

    void add(Metric point) {
      if (least == null || GREATER.compare(point, least) < 0) {
        least = point;
      }
      if (greatest == null || GREATER.compare(point, greatest) > 0) {
        greatest = point;
      }
    }
  }

  private final Sql sql;

  SeriesWriter(Sql sql) {
    this.sql = sql;
  }

  void write(List<SeriesBatch> batches) {
    if (batches.isEmpty()) {
      return;
    }
    Map<SeriesBatch, Long> before = identify(batches);
    sql.dialect().insertPoints(sql, batches);
    updateLast(batches);
    updateRollups(batches, before);
  }

  /** Finds or makes the series, and tells how many points each has. */
  private Map<SeriesBatch, Long> identify(List<SeriesBatch> batches) {
    Map<List<String>, SeriesBatch> unknown = new HashMap<>();
    batches.forEach(batch -> unknown.put(List.of(batch.runId, batch.key), batch));
    Map<SeriesBatch, Long> points = new HashMap<>();
    read(unknown, points);
    if (!unknown.isEmpty()) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (SeriesBatch batch : unknown.values()) {
        Metric first = batch.points.get(0);
        rows.add(
            new @Nullable Object[] {
              batch.runId,
              batch.key,
              first.step(),
              first.time().toEpochMilli(),
              Double.valueOf(first.value())
            });
      }
      sql.updateAll(
          "insert into series (run_id, key, points, step, time, value) values (?, ?, 0, ?, ?, ?)",
          rows);
      read(unknown, points);
    }
    return points;
  }

  private void read(Map<List<String>, SeriesBatch> unknown, Map<SeriesBatch, Long> points) {
    List<String> runs = unknown.values().stream().map(batch -> batch.runId).distinct().toList();
    sql.forEach(
        "select run_id, key, id, points from series where " + sql.dialect().isOneOf("run_id"),
        row -> {
          SeriesBatch batch = unknown.remove(List.of(row.getString(1), row.getString(2)));
          if (batch != null) {
            batch.seriesId = row.getLong(3);
            points.put(batch, row.getLong(4));
          }
        },
        runs);
  }

  private void updateLast(List<SeriesBatch> batches) {
    List<@Nullable Object[]> counts = new ArrayList<>();
    List<@Nullable Object[]> lasts = new ArrayList<>();
    for (SeriesBatch batch : batches) {
      counts.add(new @Nullable Object[] {batch.added, batch.seriesId});
      Metric last = batch.points.stream().max(LATER).orElseThrow();
      Object step = last.step();
      Object time = last.time().toEpochMilli();
      Object value = last.value();
      lasts.add(new @Nullable Object[] {step, time, value, batch.seriesId, step, time, value});
    }
    sql.updateAll("update series set points = points + ? where id = ?", counts);
    sql.updateAll(
        """
        update series set step = ?, time = ?, value = ?
        where id = ? and (step, time, value) < (?, ?, ?)
        """,
        lasts);
  }

  private void updateRollups(List<SeriesBatch> batches, Map<SeriesBatch, Long> before) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SeriesBatch batch : batches) {
      long index = before.getOrDefault(batch, 0L);
      Map<Long, Extremes> buckets = new TreeMap<>();
      for (Metric point : batch.points) {
        if (!Double.isNaN(point.value())) {
          buckets.computeIfAbsent(index / BUCKET, bucket -> new Extremes()).add(point);
        }
        index++;
      }
      buckets.forEach((bucket, extremes) -> rows.add(row(batch.seriesId, bucket, extremes)));
    }
    sql.updateAll(
        """
        insert into series_rollup as r
          (series_id, bucket, min_step, min_time, min_value, max_step, max_time, max_value)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (series_id, bucket) do update set
          min_step = case when excluded.min_value < r.min_value then excluded.min_step else r.min_step end,
          min_time = case when excluded.min_value < r.min_value then excluded.min_time else r.min_time end,
          min_value = case when excluded.min_value < r.min_value then excluded.min_value else r.min_value end,
          max_step = case when excluded.max_value > r.max_value then excluded.max_step else r.max_step end,
          max_time = case when excluded.max_value > r.max_value then excluded.max_time else r.max_time end,
          max_value = case when excluded.max_value > r.max_value then excluded.max_value else r.max_value end
        """,
        rows);
  }

  private static @Nullable Object[] row(long seriesId, long bucket, Extremes extremes) {
    Metric least = java.util.Objects.requireNonNull(extremes.least);
    Metric greatest = java.util.Objects.requireNonNull(extremes.greatest);
    return new @Nullable Object[] {
      seriesId,
      bucket,
      least.step(),
      least.time().toEpochMilli(),
      least.value(),
      greatest.step(),
      greatest.time().toEpochMilli(),
      greatest.value()
    };
  }
}
