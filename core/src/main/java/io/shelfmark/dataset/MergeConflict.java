package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that two versions changed differently.
 *
 * @param path of the file
 * @param base what it was in the version that both came from, if it was there
 * @param ours what it is in the one, if it is there
 * @param theirs what it is in the other one, if it is there
 */
public record MergeConflict(
    String path, Optional<FileEntry> base, Optional<FileEntry> ours, Optional<FileEntry> theirs) {

  /** Checks that everything is there. */
  public MergeConflict {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(ours, "ours");
    Objects.requireNonNull(theirs, "theirs");
  }
}
