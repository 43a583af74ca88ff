package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.ExperimentStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteExperimentStoreTest extends ExperimentStoreContract {

  @RegisterExtension static final SqliteStore OPENED = new SqliteStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
