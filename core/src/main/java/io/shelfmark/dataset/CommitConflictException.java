package io.shelfmark.dataset;

import io.shelfmark.ShelfmarkException;

/**
 * Another commit was made since this one began. Nothing is lost, and what was uploaded need not be
 * uploaded again: begin a new commit on the present version, or commit on the old one by name and
 * merge.
 */
public final class CommitConflictException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final long base;

  CommitConflictException(String dataset, long base) {
    super(
        "Cannot commit to dataset %s: found a version after %d, expected %d to be the last one (begin a new commit)"
            .formatted(dataset, base, base));
    this.base = base;
  }

  /** The number of the version that the commit was made on, 0 for the empty dataset. */
  public long base() {
    return base;
  }
}
