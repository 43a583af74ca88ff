package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import java.util.List;
import java.util.Objects;

/**
 * What has to be done to one version to get another, each list in the order of the paths.
 *
 * @param added files that only the other one has
 * @param removed files that only the one has
 * @param changed files that both have with different bytes
 * @param renamed files whose bytes are under another path in the other one
 */
public record DatasetDiff(
    List<FileEntry> added, List<FileEntry> removed, List<Change> changed, List<Change> renamed) {

  /** Copies the lists. */
  public DatasetDiff {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changed = List.copyOf(changed);
    renamed = List.copyOf(renamed);
  }

  /** Whether both versions have the same files. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty() && renamed.isEmpty();
  }

  /**
   * A file before and after.
   *
   * @param before in the one version
   * @param after in the other one
   */
  public record Change(FileEntry before, FileEntry after) {

    /** Checks that both are there. */
    public Change {
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(after, "after");
    }
  }
}
