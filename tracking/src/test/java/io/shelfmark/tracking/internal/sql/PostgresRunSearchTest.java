package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.RunSearchContract;
import io.shelfmark.tracking.store.TrackingStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresRunSearchTest extends RunSearchContract {

  @RegisterExtension static final PostgresStore OPENED = new PostgresStore();

  @Override
  protected TrackingStore store() {
    return OPENED.store();
  }
}
