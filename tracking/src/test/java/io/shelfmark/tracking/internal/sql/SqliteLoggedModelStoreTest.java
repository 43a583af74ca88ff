package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.LoggedModelStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteLoggedModelStoreTest extends LoggedModelStoreContract {

  @RegisterExtension static final SqliteStore OPENED = new SqliteStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
