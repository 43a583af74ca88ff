package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.internal.files.WorkspaceFiles;
import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.FileStore;
import io.shelfmark.tracking.store.LoggedModelStore;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Clock;
import javax.sql.DataSource;

/** The record on SQLite or PostgreSQL, with the files in a workspace's store. Thread-safe. */
public final class SqlTrackingStore implements TrackingStore {

  private final Database database;
  private final Workspace workspace;
  private final SqlExperiments experiments;
  private final SqlRuns runs;
  private final SqlModels models;
  private final SqlLoggedModels loggedModels;

  private SqlTrackingStore(Database database, Workspace workspace, Clock clock) {
    this.database = database;
    this.workspace = workspace;
    this.experiments = new SqlExperiments(database, clock);
    this.runs = new SqlRuns(database, clock);
    this.models = new SqlModels(database, new ModelArtifacts(workspace), clock);
    this.loggedModels = new SqlLoggedModels(database, clock);
  }

  /** Opens a SQLite file, which is made when it is missing. */
  public static SqlTrackingStore sqlite(Path file, Workspace workspace, Clock clock) {
    return new SqlTrackingStore(SqliteDatabase.open(file), workspace, clock);
  }

  /** Opens a PostgreSQL database, whose data source stays the caller's. */
  public static SqlTrackingStore postgres(DataSource source, Workspace workspace, Clock clock) {
    return new SqlTrackingStore(PostgresDatabase.open(source), workspace, clock);
  }

  @Override
  public ExperimentStore experiments() {
    return experiments;
  }

  @Override
  public RunStore runs() {
    return runs;
  }

  @Override
  public ModelStore models() {
    return models;
  }

  @Override
  public LoggedModelStore loggedModels() {
    return loggedModels;
  }

  @Override
  public FileStore files(String location) {
    return WorkspaceFiles.at(workspace, location);
  }

  @Override
  public String location() {
    return database.location();
  }

  @Override
  public void close() {
    database.close();
  }
}
