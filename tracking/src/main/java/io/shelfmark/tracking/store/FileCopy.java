package io.shelfmark.tracking.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Copies what lies below an artifact location. Not thread-safe. */
final class FileCopy {

  private final TrackingStore source;
  private final TrackingStore target;
  private final CopyTally tally;
  private final boolean isWanted;

  FileCopy(TrackingStore source, TrackingStore target, CopyTally tally, boolean isWanted) {
    this.source = source;
    this.target = target;
    this.tally = tally;
    this.isWanted = isWanted;
  }

  void copy(String from, String to) {
    if (isWanted) {
      folder(source.files(from), target.files(to), "");
    }
  }

  private void folder(FileStore from, FileStore to, String folder) {
    for (FileStore.Entry entry : from.list(folder)) {
      if (entry.isFolder()) {
        folder(from, to, entry.path());
      } else if (to.find(entry.path()).filter(there -> isSame(there, entry)).isEmpty()) {
        file(from, to, entry);
      }
    }
  }

  private static boolean isSame(FileStore.Entry there, FileStore.Entry entry) {
    return !there.isFolder() && there.size() == entry.size();
  }

  private void file(FileStore from, FileStore to, FileStore.Entry entry) {
    try (InputStream content = from.open(entry.path())) {
      to.put(entry.path(), content);
      tally.addFile(entry.size());
    } catch (IOException | UncheckedIOException e) {
      throw new StoreUnavailableException(
          "Cannot copy file %s from %s: found %s, expected its content (try again)"
              .formatted(entry.path(), source.location(), e.getMessage()),
          e);
    }
  }
}
