package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.ModelStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The client's registered models, on the server over SQLite. */
class MlflowTrackingModelsTest extends ModelStoreContract {

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
