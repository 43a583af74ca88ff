package io.shelfmark.inference.batching;

import java.util.ArrayList;
import java.util.List;

/** Runs batches so that what is bad in one fails alone. Thread-safe. */
final class BatchRun<T, R> {

  private final BatchStage<T, R> stage;

  BatchRun(BatchStage<T, R> stage) {
    this.stage = stage;
  }

  /**
   * Finds out what becomes of each entry: an answer, a failure, or neither where nobody waits any
   * more. A batch that throws is halved, which finds one bad item among n in 2 log n runs.
   *
   * @return whether anything was run
   */
  boolean run(List<Entry<T, R>> batch) {
    boolean any = runWanted(batch);
    // before the lane is given back, so that a closed batcher lends nothing any more
    for (Entry<T, R> entry : batch) {
      R answer = entry.answer;
      if (answer != null && entry.isDone()) {
        entry.answer = null;
        stage.discard(answer);
      }
    }
    return any;
  }

  private boolean runWanted(List<Entry<T, R>> batch) {
    List<Entry<T, R>> wanted = wanted(batch);
    if (wanted.isEmpty()) {
      return false;
    }
    try {
      List<R> answers = stage.run(items(wanted));
      int found = count(answers);
      if (found != wanted.size() || answers.size() != wanted.size()) {
        throw new IllegalStateException(
            "Cannot %s: found %d answers for a batch of %d, expected one each"
                .formatted(stage.describe(wanted.get(0).item), found, wanted.size()));
      }
      for (int i = 0; i < answers.size(); i++) {
        wanted.get(i).answer = answers.get(i);
      }
    } catch (Throwable e) {
      // errors too: a future that never completes hangs its host
      if (wanted.size() == 1) {
        wanted.get(0).failure = e;
      } else {
        int half = wanted.size() / 2;
        runWanted(wanted.subList(0, half));
        runWanted(wanted.subList(half, wanted.size()));
      }
    }
    return true;
  }

  private static int count(List<?> answers) {
    int count = 0;
    for (Object answer : answers) {
      count += answer == null ? 0 : 1;
    }
    return count;
  }

  /** Tells the callers; what nobody waits for any more is discarded. */
  void complete(List<Entry<T, R>> batch) {
    for (Entry<T, R> entry : batch) {
      R answer = entry.answer;
      Throwable failure = entry.failure;
      entry.answer = null;
      if (failure != null) {
        entry.completeExceptionally(failure);
      } else if (answer != null && !entry.complete(answer)) {
        stage.discard(answer);
      }
    }
  }

  /** Those that somebody waits for and whose time is not up; the others are told. */
  private List<Entry<T, R>> wanted(List<Entry<T, R>> batch) {
    List<Entry<T, R>> wanted = new ArrayList<>(batch.size());
    for (Entry<T, R> entry : batch) {
      if (entry.givenUp != null) {
        continue;
      }
      if (entry.request.deadline().hasPassed()) {
        entry.failure = entry.request.deadline().exceeded(stage.describe(entry.item));
      } else if (!entry.isDone()) {
        wanted.add(entry);
      }
    }
    return wanted;
  }

  private List<T> items(List<Entry<T, R>> batch) {
    List<T> items = new ArrayList<>(batch.size());
    batch.forEach(entry -> items.add(entry.item));
    return items;
  }
}
