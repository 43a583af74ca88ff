package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.LoggedModelStoreContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresLoggedModelStoreTest extends LoggedModelStoreContract {

  @RegisterExtension static final PostgresStore OPENED = new PostgresStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
