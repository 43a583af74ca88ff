package io.shelfmark.tracking.mlflow;

import io.shelfmark.tracking.store.MetricHistoryContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class MlflowMetricHistoryTest extends MetricHistoryContract {

  @RegisterExtension static final ServedStore OPENED = new ServedStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
