package io.shelfmark.tracking.mlflow;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.internal.sql.SqlTrackingStore;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Function;

/** A workspace with its record on SQLite, and a server over it. */
final class ServedWorkspace implements AutoCloseable {

  private final Workspace workspace;
  private final SqlTrackingStore store;
  private final MlflowHost host;

  ServedWorkspace(Path folder) {
    this(folder, MlflowServlet::over);
  }

  ServedWorkspace(Path folder, Function<TrackingStore, MlflowServlet> servlet) {
    this.workspace = Workspace.open(folder);
    this.store =
        SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, Clock.systemUTC());
    this.host = MlflowHost.mounting(servlet.apply(store), "");
  }

  TrackingStore store() {
    return store;
  }

  MlflowHost host() {
    return host;
  }

  @Override
  public void close() {
    host.close();
    store.close();
    workspace.close();
  }
}
