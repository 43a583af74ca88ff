package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteModelStoreTest extends SqlModelStoreContract {

  @TempDir static Path folder;
  private static Workspace workspace;
  private static SqlTrackingStore store;

  @BeforeAll
  static void open() {
    workspace = Workspace.open(folder);
    store = SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, Clock.systemUTC());
  }

  @AfterAll
  static void close() {
    store.close();
    workspace.close();
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
    return SqlTrackingStore.sqlite(folder.resolve("tracking.db"), workspace, Clock.systemUTC());
  }
}
