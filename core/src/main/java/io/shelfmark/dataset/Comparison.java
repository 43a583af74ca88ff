package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import io.shelfmark.dataset.DatasetDiff.Change;
import io.shelfmark.internal.manifest.FilePaths;
import io.shelfmark.internal.manifest.Manifest;
import io.shelfmark.storage.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares two manifests in one pass, passing over the chunks that both have. Memory grows with the
 * differences, not with the manifests. Not thread-safe.
 */
final class Comparison {

  private final List<FileEntry> added = new ArrayList<>();
  private final List<FileEntry> removed = new ArrayList<>();
  private final List<Change> changed = new ArrayList<>();
  private final List<Change> renamed = new ArrayList<>();

  private Comparison() {}

  static DatasetDiff of(Manifest before, Manifest after) {
    Comparison comparison = new Comparison();
    comparison.compare(before.cursor(), after.cursor());
    comparison.findRenames();
    return new DatasetDiff(
        comparison.added, comparison.removed, comparison.changed, comparison.renamed);
  }

  private void compare(Manifest.Cursor before, Manifest.Cursor after) {
    while (true) {
      before.skipCommonChunks(after);
      if (!before.hasNext() || !after.hasNext()) {
        before.forEachRemaining(removed::add);
        after.forEachRemaining(added::add);
        return;
      }
      int order = FilePaths.ORDER.compare(before.peek().path(), after.peek().path());
      if (order < 0) {
        removed.add(before.next());
      } else if (order > 0) {
        added.add(after.next());
      } else {
        FileEntry old = before.next();
        FileEntry now = after.next();
        if (!old.equals(now)) {
          changed.add(new Change(old, now));
        }
      }
    }
  }

  /** A removed file and an added one of the same bytes are one that was renamed, in order. */
  private void findRenames() {
    Map<Digest, Deque<FileEntry>> gone = new HashMap<>();
    removed.forEach(
        entry -> gone.computeIfAbsent(entry.digest(), digest -> new ArrayDeque<>()).add(entry));
    Set<FileEntry> found = new HashSet<>();
    for (FileEntry now : added) {
      Deque<FileEntry> candidates = gone.getOrDefault(now.digest(), new ArrayDeque<>());
      if (!candidates.isEmpty()) {
        Change rename = new Change(candidates.remove(), now);
        renamed.add(rename);
        found.add(rename.before());
        found.add(now);
      }
    }
    removed.removeIf(found::contains);
    added.removeIf(found::contains);
  }
}
