package io.shelfmark.dataset;

import io.shelfmark.ShelfmarkException;
import java.util.List;
import java.util.stream.Collectors;

/** Two versions changed the same files differently. Commit to one of them, then merge again. */
public final class MergeConflictException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final transient List<MergeConflict> conflicts;

  MergeConflictException(
      DatasetVersion ours, DatasetVersion theirs, List<MergeConflict> conflicts) {
    super(
        "Cannot merge %s into %s: found %d files that both changed, expected none (settle them by a commit): %s"
            .formatted(
                theirs,
                ours,
                conflicts.size(),
                conflicts.stream()
                    .limit(10)
                    .map(MergeConflict::path)
                    .collect(Collectors.joining(", "))));
    this.conflicts = List.copyOf(conflicts);
  }

  /** The files in conflict, in the order of their paths. */
  public List<MergeConflict> conflicts() {
    return conflicts;
  }
}
