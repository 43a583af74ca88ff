package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.TrackingStore;
import io.shelfmark.tracking.store.TrackingStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client talking to the server over SQLite. */
class MlflowTrackingStoreTest extends TrackingStoreContract {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static TrackingStore store;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    store = MlflowTracking.at(served.host().uri()).open();
  }

  @AfterAll
  static void close() {
    store.close();
    served.close();
  }

  @Override
  protected TrackingStore store() {
    return store;
  }
}
