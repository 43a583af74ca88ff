package io.shelfmark.internal.manifest;

import io.shelfmark.artifact.FileEntry;

/** What gets a path in a version: a file to be stored, or content that the store has already. */
sealed interface Addition permits SourceFile, Addition.Stored {

  /** That it gets. */
  String path();

  /**
   * Content that the store has; the writer relies on it before it adds it.
   *
   * @param entry of the path
   */
  record Stored(FileEntry entry) implements Addition {
    @Override
    public String path() {
      return entry.path();
    }
  }
}
