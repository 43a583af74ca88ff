package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** A store on PostgreSQL: one server for all classes that ask for it, which JUnit closes. */
final class PostgresStore extends OpenedStore {

  private PostgresServer server;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    server =
        context
            .getRoot()
            .getStore(Namespace.create(PostgresStore.class))
            .getOrComputeIfAbsent(
                PostgresServer.class, key -> PostgresServer.start(), PostgresServer.class);
    super.beforeAll(context);
  }

  @Override
  SqlTrackingStore open(Path home, Workspace of) {
    return SqlTrackingStore.postgres(server.dataSource(), of, Clock.systemUTC());
  }
}
