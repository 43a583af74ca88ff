package io.shelfmark.cluster;

import io.shelfmark.storage.StorageException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to this version's tables, by Flyway, under a history table of its own. */
final class Migrations {

  /** The last of the migrations: a database that has it needs no other. */
  private static final String LAST = "1";

  /** Where Flyway notes what was run; a host's own Flyway in the same schema has another. */
  private static final String HISTORY = "shelfmark_pipeline_schema_history";

  private Migrations() {}

  static void run(Database database) {
    if (database.read("look at the cluster's tables", Migrations::isCurrent)) {
      return;
    }
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(database.source())
          .table(HISTORY)
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .locations("classpath:io/shelfmark/cluster/migration")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StorageException(
          "Cannot open the cluster's database: its tables could not be brought to version %s: %s"
              .formatted(LAST, e.getMessage()),
          e);
    }
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
