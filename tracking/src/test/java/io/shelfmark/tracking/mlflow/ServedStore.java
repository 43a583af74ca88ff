package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.TemporaryFolder;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The client's store, talking to the server over SQLite while the tests of a class run. */
final class ServedStore implements BeforeAllCallback, AfterAllCallback {

  private TemporaryFolder folder;
  private ServedWorkspace served;
  private TrackingStore store;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    folder = new TemporaryFolder();
    served = new ServedWorkspace(folder.path());
    store = MlflowTracking.at(served.host().uri()).open();
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    store.close();
    served.close();
    folder.close();
  }

  TrackingStore store() {
    return store;
  }
}
