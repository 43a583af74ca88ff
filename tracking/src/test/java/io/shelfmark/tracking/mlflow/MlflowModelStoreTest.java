package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.ModelStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class MlflowModelStoreTest extends ModelStoreContract {

  @RegisterExtension static final ServedStore OPENED = new ServedStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
