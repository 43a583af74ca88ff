package io.shelfmark.inference.batching;

import java.util.List;

/**
 * Tells what can still be done in time, by what such work took lately: the running mean and mean
 * deviation of Jacobson, "Congestion Avoidance and Control" (1988). Without that an overloaded
 * queue of work with deadlines would hand out what is oldest, begin it, and miss its deadline,
 * again and again. Guarded by the lock of the {@link Lanes}.
 */
final class Triage<T, R> {

  private final BatchStage<T, R> stage;

  // in nanoseconds
  private long mean;
  private long deviation;

  Triage(BatchStage<T, R> stage) {
    this.stage = stage;
  }

  /** A batch took so long. */
  void took(long nanos) {
    if (mean == 0) {
      mean = nanos;
      deviation = nanos / 2;
    } else {
      long error = nanos - mean;
      mean += error / 8;
      deviation += (Math.abs(error) - deviation) / 4;
    }
  }

  private long expected() {
    return mean + deviation;
  }

  /** Whether all of a batch can be done in time. */
  boolean canDo(List<Entry<T, R>> batch, long now) {
    for (Entry<T, R> entry : batch) {
      if (entry.request.deadline().left(now) < expected()) {
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
      if (left < expected()) {
        entry.givenUp = deadline.tooNear(stage.describe(entry.item), left, expected());
      } else {
        any = true;
      }
    }
    return any;
  }
}
