package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Statements in one transaction of a connection. Parameters are texts, numbers, lists of texts (for
 * {@link Dialect#isOneOf}) and null. Keeps prepared statements for as long as it lives. Not
 * thread-safe; the {@link Database} closes it.
 */
final class Sql implements AutoCloseable {

  /** Reads a row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Takes note of a row. */
  @FunctionalInterface
  interface RowAction {
    void accept(ResultSet row) throws SQLException;
  }

  /** Fills and runs a statement. */
  @FunctionalInterface
  interface Fill {
    void fill(PreparedStatement statement) throws SQLException;
  }

  /** An {@link SQLException} on its way to the {@link Database}, which says what it means. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SQLException sqlException;

    Failure(SQLException cause) {
      super(cause);
      this.sqlException = cause;
    }

    SQLException sqlException() {
      return sqlException;
    }
  }

  private static final int KEPT = 64;

  private final Connection connection;
  private final Dialect dialect;
  private final Map<String, PreparedStatement> statements =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PreparedStatement> eldest) {
          if (size() > KEPT) {
            closeQuietly(eldest.getValue());
            return true;
          }
          return false;
        }
      };

  Sql(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }

  Connection connection() {
    return connection;
  }

  <T> List<T> list(String sql, Row<T> reader, @Nullable Object... params) {
    List<T> found = new ArrayList<>();
    forEach(sql, row -> found.add(reader.read(row)), params);
    return found;
  }

  void forEach(String sql, RowAction action, @Nullable Object... params) {
    fill(
        sql,
        statement -> {
          bind(statement, params);
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              action.accept(rows);
            }
          }
        });
  }

  <T> Optional<T> first(String sql, Row<T> reader, @Nullable Object... params) {
    List<T> found = list(sql, reader, params);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
  }

  /** Runs a statement and returns how many rows it changed. */
  int update(String sql, @Nullable Object... params) {
    int[] changed = new int[1];
    fill(
        sql,
        statement -> {
          bind(statement, params);
          changed[0] = statement.executeUpdate();
        });
    return changed[0];
  }

  /** Runs a statement for each row of parameters. */
  void updateAll(String sql, List<@Nullable Object[]> rows) {
    if (rows.isEmpty()) {
      return;
    }
    fill(
        sql,
        statement -> {
          for (@Nullable Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
          }
          statement.executeBatch();
        });
  }

  /** Fills and runs a statement. */
  void fill(String sql, Fill fill) {
    boolean isDone = false;
    try {
      fill.fill(statement(sql));
      isDone = true;
    } catch (SQLException e) {
      throw new Failure(e);
    } finally {
      if (!isDone) {
        forget(sql);
      }
    }
  }

  /**
   * A statement that failed is not kept: SQLite's driver ends it at some failures, and it may hold
   * rows of a batch, which the next one would write.
   */
  private void forget(String sql) {
    PreparedStatement failed = statements.remove(sql);
    if (failed != null) {
      closeQuietly(failed);
    }
  }

  private PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement kept = statements.get(sql);
    if (kept == null) {
      kept = connection.prepareStatement(sql);
      statements.put(sql, kept);
    }
    return kept;
  }

  private void bind(PreparedStatement statement, @Nullable Object... params) throws SQLException {
    for (int i = 0; i < params.length; i++) {
      Object value = params[i];
      if (value instanceof String text) {
        Names.requireText(text);
        statement.setString(i + 1, text);
      } else if (value instanceof Double number) {
        dialect.bind(statement, i + 1, number);
      } else if (value instanceof Number number) {
        statement.setLong(i + 1, number.longValue());
      } else if (value instanceof List<?> list) {
        List<String> texts = list.stream().map(String.class::cast).toList();
        texts.forEach(Names::requireText);
        dialect.bind(statement, i + 1, texts);
      } else if (value == null) {
        statement.setNull(i + 1, Types.NULL);
      } else {
        throw new IllegalArgumentException(
            "Cannot bind a " + value.getClass() + ": expected a text, a number or texts");
      }
    }
  }

  /** A number that may be NaN. */
  static double number(ResultSet row, int column) throws SQLException {
    return row.getObject(column) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  @Override
  public void close() {
    statements.values().forEach(Sql::closeQuietly);
    statements.clear();
  }

  private static void closeQuietly(PreparedStatement statement) {
    try {
      statement.close();
    } catch (SQLException e) {
      // the connection is closed next, and with it the statement
    }
  }
}
