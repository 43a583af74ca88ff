package io.shelfmark.tracking.internal.sql;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction knows of a run: as it is in the database, and as the writes so far leave it.
 * Not thread-safe.
 */
final class PendingRun {

  boolean isDeleted;

  /** The row of a run that is made here, which takes what follows at once. */
  @Nullable NewRunRow row;

  /** All of them, recorded before or new; of a run of which none are written, none are read. */
  final Map<String, String> params = new HashMap<>();

  final Map<String, String> newParams = new LinkedHashMap<>();
  final Map<String, String> newTags = new LinkedHashMap<>();
  final Map<String, SeriesBatch> series = new LinkedHashMap<>();
}
