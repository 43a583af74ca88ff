package io.shelfmark.cluster;

import io.shelfmark.storage.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/** Short pieces of work on connections that the host's pool lends. Thread-safe. */
final class Database {

  private static final int TRIES = 10;
  private static final int LONGEST_PAUSE_MILLIS = 50;

  private final DataSource source;

  /** What is done with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  Database(DataSource source) {
    this.source = source;
  }

  DataSource source() {
    return source;
  }

  /** A statement that is a transaction of its own. */
  <T> T alone(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      if (!connection.getAutoCommit()) {
        connection.setAutoCommit(true);
      }
      return work.on(connection);
    }
  }

  /** Statements that come to pass together; again when others were in the way. */
  <T> T together(Work<T> work) throws SQLException {
    for (int i = 1; ; i++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (i == TRIES || !isConflict(e)) {
          throw e;
        }
        pause(e);
      }
    }
  }

  private static void pause(SQLException conflict) throws SQLException {
    try {
      Thread.sleep(1 + ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw conflict;
    }
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      T result;
      try {
        result = work.on(connection);
        connection.commit();
      } catch (Throwable e) {
        rollback(connection, e);
        throw e;
      }
      connection.setAutoCommit(true);
      return result;
    }
  }

  /** To set a connection back to single statements commits what is open: never before this. */
  private static void rollback(Connection connection, Throwable cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException | RuntimeException e) {
      cause.addSuppressed(e);
      abort(connection, cause);
    }
  }

  private static void abort(Connection connection, Throwable cause) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private static boolean isConflict(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.equals("40001") || state.equals("40P01");
  }

  /** Whether the database is away, or will be able to later: nothing is known of what was asked. */
  static boolean isAway(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return failure instanceof SQLTransientException
        || state.startsWith("08")
        || state.startsWith("57P")
        || state.startsWith("53")
        || state.equals("25P03") // stood still in a transaction, and was cut off
        || isConflict(failure);
  }

  /** For a caller of the runner's. */
  static StorageException failure(String what, SQLException cause) {
    return new StorageException(
        "Cannot %s: found %s, expected the cluster's database to do it (call again when it is back)"
            .formatted(what, cause.getMessage()),
        cause);
  }

  /** The same as {@link #alone}, for a caller of the runner's. */
  <T> T read(String what, Work<T> work) {
    try {
      return alone(work);
    } catch (SQLException e) {
      throw failure(what, e);
    }
  }

  /** The same as {@link #together}, for a caller of the runner's. */
  <T> T write(String what, Work<T> work) {
    try {
      return together(work);
    } catch (SQLException e) {
      throw failure(what, e);
    }
  }
}
