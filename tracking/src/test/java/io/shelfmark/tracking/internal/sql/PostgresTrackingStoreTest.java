package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.TrackingStore;
import io.shelfmark.tracking.store.TrackingStoreContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresTrackingStoreTest extends TrackingStoreContract {

  private static PostgresServer server;
  private static SqlTrackingStore store;

  @BeforeAll
  static void open() {
    server = PostgresServer.start();
    store = SqlTrackingStore.postgres(server.dataSource(), Clock.systemUTC());
  }

  @AfterAll
  static void close() {
    store.close();
    server.close();
  }

  @Override
  protected TrackingStore store() {
    return store;
  }
}
