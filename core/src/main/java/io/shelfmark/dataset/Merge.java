package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.internal.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Merges two manifests that came from a third one: a file that one side alone changed is as that
 * side has it. Not thread-safe.
 */
final class Merge {

  private final Optional<Manifest.Cursor> base;
  private final Manifest.Cursor ours;
  private final Manifest.Cursor theirs;

  Merge(Optional<Manifest> base, Manifest ours, Manifest theirs) {
    this.base = base.map(Manifest::cursor);
    this.ours = ours.cursor();
    this.theirs = theirs.cursor();
  }

  /** Gives the merged entries in order, and returns the conflicts, whose entries are left out. */
  List<MergeConflict> run(Consumer<FileEntry> merged) {
    List<MergeConflict> conflicts = new ArrayList<>();
    for (Optional<String> next = nextPath(); next.isPresent(); next = nextPath()) {
      String path = next.get();
      Optional<FileEntry> old = base.flatMap(cursor -> take(cursor, path));
      Optional<FileEntry> one = take(ours, path);
      Optional<FileEntry> other = take(theirs, path);
      if (one.equals(other) || other.equals(old)) {
        one.ifPresent(merged);
      } else if (one.equals(old)) {
        other.ifPresent(merged);
      } else {
        conflicts.add(new MergeConflict(path, old, one, other));
      }
    }
    return conflicts;
  }

  private Optional<String> nextPath() {
    return Stream.concat(base.stream(), Stream.of(ours, theirs))
        .filter(Manifest.Cursor::hasNext)
        .map(cursor -> cursor.peek().path())
        .min(FilePaths.ORDER);
  }

  private static Optional<FileEntry> take(Manifest.Cursor cursor, String path) {
    return cursor.hasNext() && cursor.peek().path().equals(path)
        ? Optional.of(cursor.next())
        : Optional.empty();
  }
}
