package io.shelfmark.tracking.internal.sql;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.shelfmark.tracking.store.Metric;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What is SQLite's own. It has no arrays, no NaN, and no LIKE in which case counts. */
final class SqliteDialect implements Dialect {

  /** A function that {@link SqliteDatabase} adds: SQLite's own LIKE folds ASCII alone. */
  static final String ILIKE = "shelfmark_ilike";

  @Override
  public Map<String, String> placeholders() {
    return Map.of(
        "clustered", "without rowid",
        "identity", "integer primary key",
        "now", "cast(strftime('%s', 'now') as integer) * 1000",
        "at", "strftime('%Y-%m-%dT%H:%M:%fZ', ",
        "ms", " / 1000.0, 'unixepoch')");
  }

  @Override
  public String isOneOf(String column) {
    return column + " in (select value from json_each(?))";
  }

  @Override
  public void bind(PreparedStatement statement, int index, List<String> texts) throws SQLException {
    statement.setString(
        index,
        texts.stream()
            .map(
                text -> '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"')
            .collect(Collectors.joining(",", "[", "]")));
  }

  @Override
  public void bind(PreparedStatement statement, int index, double number) throws SQLException {
    if (Double.isNaN(number)) {
      statement.setString(index, "NaN");
    } else {
      statement.setDouble(index, number);
    }
  }

  @Override
  public String withoutIndex(String column) {
    // it turns EXISTS into a join and may choose the index of values for it: all that match, each
    // time
    return "+" + column;
  }

  @Override
  public String isLike(String column) {
    return column + " glob ?";
  }

  @Override
  public String pattern(String like) {
    StringBuilder glob = new StringBuilder();
    for (int i = 0; i < like.length(); i++) {
      char c = like.charAt(i);
      switch (c) {
        case '%' -> glob.append('*');
        case '_' -> glob.append('?');
        case '*', '?', '[' -> glob.append('[').append(c).append(']');
        default -> glob.append(c);
      }
    }
    return glob.toString();
  }

  @Override
  public String isLikeIgnoringCase(String column) {
    return ILIKE + "(" + column + ", ?)";
  }

  @Override
  public String caselessPattern(String like) {
    return like;
  }

  @Override
  public String lockingRows() {
    return "";
  }

  @Override
  public void insertPoints(Sql sql, List<SeriesBatch> batches) {
    sql.fill(
        "insert or ignore into series_point (series_id, step, time, value) values (?, ?, ?, ?)",
        statement -> {
          for (SeriesBatch batch : batches) {
            for (Metric point : batch.points) {
              statement.setLong(1, batch.seriesId);
              statement.setLong(2, point.step());
              statement.setLong(3, point.time().toEpochMilli());
              bind(statement, 4, point.value());
              statement.addBatch();
            }
            for (int changed : statement.executeBatch()) {
              batch.added += changed;
            }
          }
        });
  }
}
