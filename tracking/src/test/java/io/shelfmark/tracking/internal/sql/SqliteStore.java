package io.shelfmark.tracking.internal.sql;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Clock;

/** A store on a SQLite file. */
final class SqliteStore extends OpenedStore {

  @Override
  SqlTrackingStore open(Path home, Workspace of) {
    return SqlTrackingStore.sqlite(home.resolve("tracking.db"), of, Clock.systemUTC());
  }
}
