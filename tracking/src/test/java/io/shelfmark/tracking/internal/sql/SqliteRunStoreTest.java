package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.RunStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteRunStoreTest extends RunStoreContract {

  @RegisterExtension static final SqliteStore OPENED = new SqliteStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
