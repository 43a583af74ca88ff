package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.RunSearchContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class MlflowRunSearchTest extends RunSearchContract {

  @RegisterExtension static final ServedStore OPENED = new ServedStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
