package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.ExperimentStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class MlflowExperimentStoreTest extends ExperimentStoreContract {

  @RegisterExtension static final ServedStore OPENED = new ServedStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
