package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;

/**
 * PostgreSQL by a data source that the host opens, sizes and closes. The tables lie in a schema of
 * their own. Thread-safe as the data source is.
 */
final class PostgresDatabase implements Database {

  /** The schema of the tables and views. */
  static final String SCHEMA = "shelfmark";

  /** How often a transaction is run again that lost against another. */
  private static final int ATTEMPTS = 10;

  /** Classes of states: bad values, broken constraints, bad statements, limits of the program. */
  private static final Set<String> DEFECTS = Set.of("22", "23", "42", "54");

  /** Tables or rights that are missing: administrators take them, and give them back. */
  private static final Set<String> AWAY = Set.of("42P01", "42501");

  private static final Dialect DIALECT = new PostgresDialect();

  private final DataSource source;
  private final String location;

  private PostgresDatabase(DataSource source, String location) {
    this.source = source;
    this.location = location;
  }

  static PostgresDatabase open(DataSource source) {
    String location;
    try (Connection connection = source.getConnection()) {
      DatabaseMetaData found = connection.getMetaData();
      location = String.valueOf(found.getURL()).replaceAll("[?].*", "");
      if (!found.getDatabaseProductName().equals("PostgreSQL")) {
        throw new IllegalArgumentException(
            "Cannot open tracking database %s: found %s, expected PostgreSQL (without a data source the record is a SQLite file)"
                .formatted(location, found.getDatabaseProductName()));
      }
    } catch (SQLException e) {
      throw new StoreUnavailableException(
          "Cannot open tracking database: " + e.getMessage() + " (is PostgreSQL there?)", e);
    }
    Migrations.run(source, DIALECT, location, SCHEMA);
    return new PostgresDatabase(source, location);
  }

  @Override
  public <T> T read(Work<T> work) {
    return transaction(work, "set transaction isolation level repeatable read read only");
  }

  @Override
  public <T> T write(Work<T> work) {
    return transaction(work, "set transaction isolation level read committed");
  }

  private <T> T transaction(Work<T> work, String kind) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work, kind);
      } catch (Sql.Failure e) {
        if (attempt == ATTEMPTS || !isConflict(e.sqlException())) {
          throw unavailable(e.sqlException());
        }
      } catch (SQLException e) {
        throw unavailable(e);
      }
    }
  }

  private <T> T once(Work<T> work, String kind) throws SQLException {
    try (Connection connection = source.getConnection();
        Sql sql = new Sql(connection, DIALECT)) {
      boolean before = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        try (Statement statement = connection.createStatement()) {
          // for this transaction alone: the connection is the host's
          statement.execute(kind + "; set local search_path to " + SCHEMA);
        }
        T result = work.run(sql);
        connection.commit();
        return result;
      } catch (Throwable e) {
        rollBack(connection);
        throw e;
      } finally {
        restore(connection, before);
      }
    }
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // the server rolls back what a broken connection began
    }
  }

  private static void restore(Connection connection, boolean autoCommit) {
    try {
      connection.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      // a broken connection is not used again
    }
  }

  /** Deadlock, serialization failure, or a unique key that another transaction just took. */
  private static boolean isConflict(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.equals("40P01") || state.equals("40001") || state.equals("23505");
  }

  /** A statement that PostgreSQL cannot run is a defect here; anything else may pass. */
  private RuntimeException unavailable(SQLException e) {
    // five characters by the standard; null, and so "null", when there is none
    String state = String.valueOf(e.getSQLState());
    if (!AWAY.contains(state)
        && DEFECTS.contains(state.substring(0, Math.min(2, state.length())))) {
      return new IllegalStateException("a statement failed on " + location, e);
    }
    return new StoreUnavailableException(
        "Cannot use tracking database %s: %s".formatted(location, e.getMessage()), e);
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public void close() {
    // the host closes its data source
  }
}
