package io.shelfmark.inference.batching;

import java.util.List;

/**
 * Tells what can still be done in time, by what such work took lately. Without that an overloaded
 * queue of work with deadlines would hand out what is oldest, begin it, and miss its deadline,
 * again and again. Guarded by the lock of the {@link Lanes}.
 */
final class Triage<T, R> {

  /** Of the time that a batch took, what the expectation rises by; it falls by half. */
  private static final int RISE = 8;

  private final BatchStage<T, R> stage;
  private long expected;

  Triage(BatchStage<T, R> stage) {
    this.stage = stage;
  }

  /** A batch took so long. */
  void took(long nanos) {
    long more = nanos - expected;
    expected += expected == 0 ? nanos : more > 0 ? more / RISE : more / 2;
  }

  /** Whether all of a batch can be done in time. */
  boolean canDo(List<Entry<T, R>> batch, long now) {
    for (Entry<T, R> entry : batch) {
      if (entry.request.deadline().left(now) < expected) {
        return false;
      }
    }
    return true;
  }

  /**
   * Gives up those of a batch that cannot be done in time.
   *
   * @return whether any are left
   */
  boolean giveUpLate(List<Entry<T, R>> batch, long now) {
    boolean any = false;
    for (Entry<T, R> entry : batch) {
      Deadline deadline = entry.request.deadline();
      long left = deadline.left(now);
      if (left < expected) {
        entry.givenUp = deadline.tooNear(stage.describe(entry.item), left, expected);
      } else {
        any = true;
      }
    }
    return any;
  }
}
