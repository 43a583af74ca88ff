package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.ExperimentStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresExperimentStoreTest extends ExperimentStoreContract {

  @RegisterExtension static final PostgresStore OPENED = new PostgresStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
