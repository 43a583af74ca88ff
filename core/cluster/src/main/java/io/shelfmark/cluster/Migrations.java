package io.shelfmark.cluster;

import io.shelfmark.storage.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to this version's tables, by Flyway, under a history table of its own. */
final class Migrations {

  /** The last of the migrations: a database that has it needs no other. */
  private static final String LAST = "1";

  /** Where Flyway notes what was run; a host's own Flyway in the same schema has another. */
  private static final String HISTORY = "shelfmark_pipeline_schema_history";

  /** Of the advisory lock: "shelfmark" in hexadecimal, as far as a bigint goes. */
  private static final String LOCK = "x'7368656c666d6172'::bigint";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
  private static final Duration NEXT_TRY = Duration.ofMillis(50);

  private Migrations() {}

  static void run(Database database) {
    if (database.read("look at the cluster's tables", Migrations::isCurrent)) {
      return;
    }
    try (Connection connection = database.source().getConnection()) {
      lock(connection);
      try {
        if (!isCurrent(connection)) {
          removeEmptyHistory(connection);
          migrate(database);
        }
      } finally {
        ask(connection, "SELECT pg_advisory_unlock(" + LOCK + ") IS NOT NULL");
      }
    } catch (SQLException | FlywayException e) {
      throw new StorageException(
          "Cannot open the cluster's database: its tables could not be brought to version %s: %s"
              .formatted(LAST, e.getMessage()),
          e);
    }
  }

  /**
   * One process at a time: Flyway makes its history in two transactions, and who comes in between
   * gives up. Asked again and again, as a wait in the database would run into the socket's limit.
   */
  private static void lock(Connection connection) throws SQLException {
    long end = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!ask(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")")) {
      if (System.nanoTime() - end > 0) {
        throw new SQLException("another process has been at it for " + LONGEST_WAIT);
      }
      LockSupport.parkNanos(NEXT_TRY.toNanos());
    }
  }

  private static boolean ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** A process that was killed between the two left it; Flyway would refuse to go on. */
  private static void removeEmptyHistory(Connection connection) throws SQLException {
    if (ask(connection, "SELECT to_regclass('" + HISTORY + "') IS NOT NULL")
        && ask(connection, "SELECT NOT EXISTS (SELECT 1 FROM " + HISTORY + ")")) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE " + HISTORY);
      }
    }
  }

  private static void migrate(Database database) {
    Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database.source())
        .table(HISTORY)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .locations("classpath:io/shelfmark/cluster/migration")
        .load()
        .migrate();
  }

  /** Flyway takes a third of a second: it is asked only when there is something to do. */
  private static Boolean isCurrent(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + HISTORY + "')")) {
        row.next();
        if (row.getString(1) == null) {
          return false;
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT EXISTS (SELECT 1 FROM %s WHERE version = '%s' AND success)"
                  .formatted(HISTORY, LAST))) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
