package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.MetricHistoryContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteMetricHistoryTest extends MetricHistoryContract {

  @RegisterExtension static final SqliteStore OPENED = new SqliteStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
