package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.Metric;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is PostgreSQL's own. */
final class PostgresDialect implements Dialect {

  @Override
  public Map<String, String> placeholders() {
    return Map.of(
        "clustered", "",
        "identity", "bigint generated always as identity primary key",
        "now", "cast(extract(epoch from now()) * 1000 as bigint)",
        // null for what is no time from year 1 to 9999, as on SQLite: one such would end a query
        "at", "to_timestamp(nullif(nullif(least(greatest(",
        "ms", ", -62135596800001), 253402300800000), -62135596800001), 253402300800000) / 1000.0)");
  }

  @Override
  public String isOneOf(String column) {
    return column + " = any(?)";
  }

  @Override
  public void bind(PreparedStatement statement, int index, List<String> texts) throws SQLException {
    statement.setArray(index, statement.getConnection().createArrayOf("text", texts.toArray()));
  }

  @Override
  public void bind(PreparedStatement statement, int index, double number) throws SQLException {
    statement.setDouble(index, number);
  }

  @Override
  public String withoutIndex(String column) {
    // it knows what matches, and chooses well
    return column;
  }

  @Override
  public String isLike(String column) {
    return column + " like ?";
  }

  @Override
  public String pattern(String like) {
    // a backslash stands for itself in filters
    return like.replace("\\", "\\\\");
  }

  @Override
  public String isLikeIgnoringCase(String column) {
    return column + " ilike ?";
  }

  @Override
  public String caselessPattern(String like) {
    return pattern(like);
  }

  @Override
  public String lockingRows() {
    return " for update";
  }

  @Override
  public void insertPoints(Sql sql, List<SeriesBatch> batches) {
    int size = batches.stream().mapToInt(batch -> batch.points.size()).sum();
    Long[] ids = new Long[size];
    Long[] steps = new Long[size];
    Long[] times = new Long[size];
    Double[] values = new Double[size];
    int i = 0;
    for (SeriesBatch batch : batches) {
      for (Metric point : batch.points) {
        ids[i] = batch.seriesId;
        steps[i] = point.step();
        times[i] = point.time().toEpochMilli();
        values[i++] = point.value();
      }
    }
    Map<Long, Long> added = new HashMap<>();
    sql.fill(
        """
        with added as (
          insert into series_point (series_id, step, time, value) select * from unnest(?, ?, ?, ?)
          on conflict do nothing returning series_id)
        select series_id, count(*) from added group by series_id
        """,
        statement -> {
          statement.setArray(1, array(statement, "bigint", ids));
          statement.setArray(2, array(statement, "bigint", steps));
          statement.setArray(3, array(statement, "bigint", times));
          statement.setArray(4, array(statement, "float8", values));
          try (var rows = statement.executeQuery()) {
            while (rows.next()) {
              added.put(rows.getLong(1), rows.getLong(2));
            }
          }
        });
    batches.forEach(batch -> batch.added = added.getOrDefault(batch.seriesId, 0L));
  }

  private static Array array(PreparedStatement statement, String type, Object[] values)
      throws SQLException {
    return statement.getConnection().createArrayOf(type, values);
  }
}
