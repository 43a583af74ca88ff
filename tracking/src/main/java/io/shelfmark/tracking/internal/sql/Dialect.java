package io.shelfmark.tracking.internal.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** How SQLite and PostgreSQL differ. Implementations are immutable and thread-safe. */
interface Dialect {

  /** What the migrations' placeholders stand for. */
  Map<String, String> placeholders();

  /** A condition that a column is one of the texts bound to its one parameter. */
  String isOneOf(String column);

  /** Binds the texts of {@link #isOneOf}. */
  void bind(PreparedStatement statement, int index, List<String> texts) throws SQLException;

  /** Binds a number, which may be NaN. */
  void bind(PreparedStatement statement, int index, double number) throws SQLException;

  /** A column of numbers as a value that no index is looked up for. */
  String withoutIndex(String column);

  /** A condition that a column is like the bound pattern, in which case counts. */
  String isLike(String column);

  /** The pattern of {@link #isLike}, made from one with {@code %} and {@code _}. */
  String pattern(String like);

  /** A condition that a column is like the bound pattern, whatever the case. */
  String isLikeIgnoringCase(String column);

  /** The pattern of {@link #isLikeIgnoringCase}, made from one with {@code %} and {@code _}. */
  String caselessPattern(String like);

  /** What makes a query keep others from changing its rows until the transaction ends. */
  String lockingRows();

  /** Inserts points that are not there yet. */
  void insertPoints(Sql sql, List<SeriesBatch> batches);
}
