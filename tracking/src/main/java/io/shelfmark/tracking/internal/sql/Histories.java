package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Downsampling;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the points of a metric. Not thread-safe. */
final class Histories {

  /** Up to this many points a curve is made from the points, beyond from the rollup. */
  private static final int FEW = 20_000;

  private record Series(long id, long points, Metric last) {}

  private final Sql sql;

  Histories(Sql sql) {
    this.sql = sql;
  }

  private Optional<Series> series(String runId, String key) {
    return sql.first(
        "select step, time, value, id, points from series where run_id = ? and key = ?",
        row -> new Series(row.getLong(4), row.getLong(5), point(key, row)),
        runId,
        key);
  }

  Page<Metric> page(String runId, String key, int limit, Optional<String> token) {
    if (limit < 1) {
      throw new InvalidRequestException(
          "Cannot read %d points of metric %s: expected 1 or more".formatted(limit, key));
    }
    Optional<Series> series = series(runId, key);
    if (series.isEmpty()) {
      return Page.last(List.of());
    }
    List<Metric> found =
        token.isEmpty()
            ? points(key, series.get().id(), limit + 1L)
            : after(key, series.get().id(), parse(key, token.get()), limit + 1L);
    if (found.size() <= limit) {
      return Page.last(found);
    }
    List<Metric> page = found.subList(0, limit);
    return new Page<>(page, Optional.of(token(page.get(limit - 1))));
  }

  List<Metric> points(String key, long id, long limit) {
    return sql.list(
        "select step, time, value from series_point where series_id = ? order by step, time, value limit ?",
        row -> point(key, row),
        id,
        limit);
  }

  private List<Metric> after(String key, long id, Metric last, long limit) {
    return sql.list(
        """
        select step, time, value from series_point
        where series_id = ? and (step, time, value) > (?, ?, ?) order by step, time, value limit ?
        """,
        row -> point(key, row),
        id,
        last.step(),
        last.time().toEpochMilli(),
        last.value(),
        limit);
  }

  private static Metric point(String key, ResultSet row) throws SQLException {
    return new Metric(
        key, Sql.number(row, 3), row.getLong(1), Instant.ofEpochMilli(row.getLong(2)));
  }

  private static String token(Metric last) {
    return last.step() + "_" + last.time().toEpochMilli() + "_" + last.value();
  }

  private static Metric parse(String key, String token) {
    String[] parts = token.split("_", -1);
    try {
      if (parts.length == 3) {
        return new Metric(
            key,
            Double.parseDouble(parts[2]),
            Long.parseLong(parts[0]),
            Instant.ofEpochMilli(Long.parseLong(parts[1])));
      }
    } catch (NumberFormatException e) {
      // told below: it is none of ours
    }
    throw new InvalidRequestException(
        "Cannot go on at page %s of metric %s: expected the token that the page before gave"
            .formatted(token, key));
  }

  Curve curve(String runId, String key, int points) {
    if (points < 2) {
      throw new InvalidRequestException(
          "Cannot draw metric %s with %d points: expected 2 or more".formatted(key, points));
    }
    Optional<Series> found = series(runId, key);
    if (found.isEmpty()) {
      return new Curve(key, List.of(), 0);
    }
    Series series = found.get();
    List<Metric> all =
        series.points() <= Math.max(FEW, points)
            ? points(key, series.id(), Integer.MAX_VALUE)
            : extremes(key, series);
    return new Curve(key, Downsampling.of(all, points), series.points());
  }

  private List<Metric> extremes(String key, Series series) {
    List<Metric> found = new ArrayList<>(points(key, series.id(), 1));
    sql.forEach(
        "select min_step, min_time, min_value, max_step, max_time, max_value from series_rollup where series_id = ?",
        row -> {
          found.add(point(key, row));
          found.add(
              new Metric(
                  key, row.getDouble(6), row.getLong(4), Instant.ofEpochMilli(row.getLong(5))));
        },
        series.id());
    found.add(series.last());
    return found.stream().sorted(SeriesWriter.LATER).distinct().toList();
  }
}
