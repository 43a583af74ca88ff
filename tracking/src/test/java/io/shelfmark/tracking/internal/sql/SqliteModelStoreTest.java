package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteModelStoreTest extends SqlModelStoreContract {

  @RegisterExtension static final SqliteStore OPENED = new SqliteStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }

  @Override
  Workspace workspace() {
    return OPENED.workspace();
  }

  @Override
  TrackingStore another() {
    return OPENED.another();
  }
}
