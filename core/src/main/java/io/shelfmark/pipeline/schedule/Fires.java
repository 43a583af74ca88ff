package io.shelfmark.pipeline.schedule;

import io.shelfmark.internal.WorkspaceContext;
import io.shelfmark.internal.storage.KeyNames;
import io.shelfmark.storage.BlobInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What schedules and triggers did, in the store, by whichever process. Get it from {@code
 * workspace.fires()}. A {@link Scheduler} keeps the last 100 of each name. Thread-safe.
 */
public final class Fires {

  private final WorkspaceContext context;

  /** Used by the workspace; hosts call {@code workspace.fires()}. */
  public Fires(WorkspaceContext context) {
    this.context = context;
  }

  WorkspaceContext context() {
    return context;
  }

  FireLog log(String name) {
    return new FireLog(context.store(), name);
  }

  /** The names of schedules and triggers that were ever watched and not forgotten, in order. */
  public List<String> names() {
    try (Stream<BlobInfo> blobs = context.store().list(FireLog.FOLDER)) {
      return blobs
          .map(info -> info.key().value().split("/", 3)[1])
          .distinct()
          .map(KeyNames::decode)
          .sorted()
          .toList();
    }
  }

  /** What became of the instants or events of a schedule or trigger, the last due first. */
  public List<Fire> history(String name) {
    FireLog log = log(name);
    return log.records().stream()
        .map(log::find)
        .flatMap(Optional::stream)
        .map(FireLog.Stored::value)
        .sorted(Comparator.comparing(Fire::due).thenComparing(Fire::id).reversed())
        .toList();
  }

  /**
   * Forgets a schedule or trigger that nobody watches any more: its records, and since when it was
   * watched. One of that name begins anew.
   */
  public void forget(String name) {
    log(name).deleteAll();
  }
}
