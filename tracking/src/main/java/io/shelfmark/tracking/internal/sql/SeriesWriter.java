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
    identify(batches);
    readFirst(batches);
    sql.dialect().insertPoints(sql, batches);
    count(batches);
    updateLast(batches);
    updateRollups(batches);
  }

  /** Finds or makes the series, and tells how many points each has. */
  private void identify(List<SeriesBatch> batches) {
    Map<List<String>, SeriesBatch> unknown = new HashMap<>();
    batches.forEach(batch -> unknown.put(List.of(batch.runId, batch.key), batch));
    read(unknown);
    if (!unknown.isEmpty()) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (SeriesBatch batch : unknown.values()) {
        batch.isNew = true;
        Metric last = batch.last();
        rows.add(
            new @Nullable Object[] {
              batch.runId,
              batch.key,
              batch.points.size(),
              last.step(),
              last.time().toEpochMilli(),
              Double.valueOf(last.value())
            });
      }
      sql.updateAll(
          "insert into series (run_id, key, points, step, time, value) values (?, ?, ?, ?, ?, ?)",
          rows);
      read(unknown);
    }
  }

  private void read(Map<List<String>, SeriesBatch> unknown) {
    List<String> runs = unknown.values().stream().map(batch -> batch.runId).distinct().toList();
    sql.forEach(
        "select run_id, key, id, points from series where " + sql.dialect().isOneOf("run_id"),
        row -> {
          SeriesBatch batch = unknown.remove(List.of(row.getString(1), row.getString(2)));
          if (batch != null) {
            batch.seriesId = row.getLong(3);
            batch.before = batch.isNew ? 0 : row.getLong(4);
          }
        },
        runs);
  }

  /** The first bucket was left out so far where it is filled only now. */
  private void readFirst(List<SeriesBatch> batches) {
    for (SeriesBatch batch : batches) {
      boolean fills = batch.before < BUCKET && batch.before + batch.points.size() >= BUCKET;
      if (batch.before > 0 && fills) {
        batch.first = new Histories(sql).points(batch.key, batch.seriesId, BUCKET);
      }
    }
  }

  /** A new series was made with all points of its batch, some of which may be the same. */
  private void count(List<SeriesBatch> batches) {
    List<@Nullable Object[]> counts = new ArrayList<>();
    for (SeriesBatch batch : batches) {
      long counted = batch.isNew ? batch.points.size() : 0;
      if (batch.added != counted) {
        counts.add(new @Nullable Object[] {batch.added - counted, batch.seriesId});
      }
    }
    sql.updateAll("update series set points = points + ? where id = ?", counts);
  }

  private void updateLast(List<SeriesBatch> batches) {
    List<@Nullable Object[]> lasts = new ArrayList<>();
    for (SeriesBatch batch : batches) {
      if (batch.isNew) {
        continue;
      }
      Metric last = batch.last();
      Object step = last.step();
      Object time = last.time().toEpochMilli();
      Object value = last.value();
      lasts.add(new @Nullable Object[] {step, time, value, batch.seriesId, step, time, value});
    }
    sql.updateAll(
        """
        update series set step = ?, time = ?, value = ?
        where id = ? and (step, time, value) < (?, ?, ?)
        """,
        lasts);
  }

  /** Most series of most runs have a point or a few: these are not summed up. */
  private void updateRollups(List<SeriesBatch> batches) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (SeriesBatch batch : batches) {
      if (batch.before + batch.points.size() < BUCKET) {
        continue;
      }
      Map<Long, Extremes> buckets = new TreeMap<>();
      add(buckets, 0, batch.first);
      long index = batch.before;
      for (Metric point : batch.points) {
        add(buckets, index++ / BUCKET, List.of(point));
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

  private static void add(Map<Long, Extremes> buckets, long bucket, List<Metric> points) {
    for (Metric point : points) {
      if (!Double.isNaN(point.value())) {
        buckets.computeIfAbsent(bucket, key -> new Extremes()).add(point);
      }
    }
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
