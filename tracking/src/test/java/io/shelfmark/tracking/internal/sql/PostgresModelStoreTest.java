package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresModelStoreTest extends SqlModelStoreContract {

  @TempDir static Path folder;
  private static Workspace workspace;
  private static PostgresServer server;
  private static SqlTrackingStore store;

  @BeforeAll
  static void open() {
    server = PostgresServer.start();
    workspace = Workspace.open(folder);
    store = SqlTrackingStore.postgres(server.dataSource(), workspace, Clock.systemUTC());
  }

  @AfterAll
  static void close() {
    store.close();
    workspace.close();
    server.close();
  }

  @Override
  protected TrackingStore store() {
    return store;
  }

  @Override
  Workspace workspace() {
    return workspace;
  }

  @Override
  TrackingStore another() {
    return SqlTrackingStore.postgres(server.dataSource(), workspace, Clock.systemUTC());
  }
}
