package io.shelfmark.tracking.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Counts what a copy does. Not thread-safe. */
final class CopyTally {

  private final Consumer<CopyProgress> listener;
  private final List<String> copied = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final List<CopyReport.Failure> failures = new ArrayList<>();
  private long points;
  private long files;
  private long bytes;

  CopyTally(Consumer<CopyProgress> listener) {
    this.listener = listener;
  }

  void copied(String runId) {
    copied.add(runId);
    tell(runId);
  }

  void left(String runId) {
    left.add(runId);
    tell(runId);
  }

  /** Notes a failure; one of the whole store, which the next thing will meet as well, is thrown. */
  void failed(String what, TrackingException reason) {
    if (reason instanceof StoreUnavailableException || reason instanceof AccessDeniedException) {
      throw reason;
    }
    failures.add(new CopyReport.Failure(what, reason));
  }

  void addPoints(long count) {
    points += count;
  }

  void addFile(long length) {
    files++;
    bytes += length;
  }

  private void tell(String runId) {
    listener.accept(new CopyProgress(runId, copied.size(), points, files, bytes));
  }

  CopyReport report() {
    return new CopyReport(copied, left, failures, points, files, bytes);
  }
}
