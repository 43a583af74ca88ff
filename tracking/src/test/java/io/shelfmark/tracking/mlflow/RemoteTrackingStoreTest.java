package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.TrackingStore;
import io.shelfmark.tracking.store.TrackingStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The library's client and server of MLflow's protocol, one against the other. */
class RemoteTrackingStoreTest extends TrackingStoreContract {

  @TempDir static Path folder;
  private static ServedWorkspace served;
  private static TrackingStore remote;

  @BeforeAll
  static void open() {
    served = new ServedWorkspace(folder);
    remote = MlflowTracking.at(served.host().uri()).open();
  }

  @AfterAll
  static void close() {
    remote.close();
    served.close();
  }

  @Override
  protected TrackingStore store() {
    return remote;
  }
}
