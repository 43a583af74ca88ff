package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.StoreUnavailableException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a database to this version's tables, by Flyway, under a history table of its own. */
final class Migrations {

  /** The last of the migrations: a database that has it needs no other. */
  static final String LAST = "2";

  /** Where Flyway notes what was run; a host's own Flyway in the same database has another. */
  static final String HISTORY = "shelfmark_schema_history";

  private static final String LOCATION = "classpath:io/shelfmark/tracking/migration";

  private Migrations() {}

  static void run(DataSource database, Dialect dialect, String location) {
    run(configuration(database, dialect), location);
  }

  /** The same in a schema that is made when there is none. */
  static void run(DataSource database, Dialect dialect, String location, String schema) {
    run(configuration(database, dialect).defaultSchema(schema).createSchemas(true), location);
  }

  private static FluentConfiguration configuration(DataSource database, Dialect dialect) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database)
        .table(HISTORY)
        .placeholders(dialect.placeholders())
        .locations(LOCATION);
  }

  private static void run(FluentConfiguration configuration, String location) {
    try {
      configuration.load().migrate();
    } catch (FlywayException e) {
      throw new StoreUnavailableException(
          "Cannot open tracking database %s: its tables could not be brought to version %s: %s"
              .formatted(location, LAST, e.getMessage()),
          e);
    }
  }
}
