package io.shelfmark.inference.batching;

import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.Priority;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue before a batcher's lanes, and the callers that wait for room in it, by turns as well.
 * Guarded by the lock of the {@link Lanes}, which all callers of its methods hold.
 */
final class WaitingRoom<T, R> {

  /** How many free places a caller's own ones in the queue stand against, see {@link Batcher}. */
  private static final int SHARE = 4;

  /** Sees to a thread for an entry that has come in. */
  private final Runnable whenAdmitted;

  private final BatchLimits limits;
  private final BatchStage<T, R> stage;
  private final ReentrantLock lock;
  private final Timekeeper<Entry<T, R>> timekeeper;
  private final FairQueue<T, R> inside;
  private final FairQueue<T, R> outside = new FairQueue<>(1);
  private boolean closed;

  WaitingRoom(
      BatchLimits limits,
      BatchStage<T, R> stage,
      ReentrantLock lock,
      Timekeeper<Entry<T, R>> timekeeper,
      Runnable whenAdmitted) {
    this.limits = limits;
    this.stage = stage;
    this.lock = lock;
    this.timekeeper = timekeeper;
    this.whenAdmitted = whenAdmitted;
    this.inside = new FairQueue<>(limits.maxBatch());
  }

  /**
   * Takes an entry, after waiting for room where it should.
   *
   * @param ownThread whether the caller is a thread of the batcher's, which never waits
   * @return why it is not taken, or null when it is
   */
  @Nullable RuntimeException accept(Entry<T, R> entry, WhenFull whenFull, boolean ownThread)
      throws InterruptedException {
    requireOpen();
    Deadline deadline = entry.request.deadline();
    if (deadline.hasPassed()) {
      return exceeded(entry);
    }
    boolean waits =
        whenFull == WhenFull.WAIT
            || (whenFull == WhenFull.WAIT_UNTIL_DEADLINE && !deadline.isNever());
    if (waits ? hasRoom(entry) || ownThread : hasShare(entry)) {
      admit(entry);
      return null;
    }
    if (!waits) {
      return new OverloadException(stage.describe(entry.item), inside.size(), limits.queue());
    }
    return awaitRoom(entry) ? null : exceeded(entry);
  }

  private boolean hasRoom(Entry<T, R> entry) {
    return inside.size() < limits.queue()
        && (entry.request.priority() != Priority.BULK || inside.bulkSize() < limits.bulkQueue());
  }

  private boolean hasShare(Entry<T, R> entry) {
    int own = inside.size(entry.request.caller());
    return hasRoom(entry) && own <= SHARE * (limits.queue() - inside.size() - 1);
  }

  /** False when the deadline passed first. */
  private boolean awaitRoom(Entry<T, R> entry) throws InterruptedException {
    Condition admitted = lock.newCondition();
    entry.admitted = admitted;
    entry.place = Entry.Place.OUTSIDE;
    outside.add(entry);
    Deadline deadline = entry.request.deadline();
    try {
      while (entry.place == Entry.Place.OUTSIDE) {
        if (deadline.isNever()) {
          admitted.await();
        } else if (admitted.awaitNanos(deadline.left(System.nanoTime())) <= 0) {
          break;
        }
      }
    } catch (InterruptedException e) {
      if (entry.place == Entry.Place.OUTSIDE) {
        remove(entry);
        throw e;
      }
      // it was let in meanwhile and may even be answered: that is not to be lost
      Thread.currentThread().interrupt();
    }
    if (entry.place == Entry.Place.OUTSIDE) {
      remove(entry);
    }
    if (entry.admitted == null) {
      return true;
    }
    requireOpen();
    return false;
  }

  private void admit(Entry<T, R> entry) {
    entry.place = Entry.Place.INSIDE;
    entry.admitted = null;
    inside.add(entry);
    try {
      if (!entry.awaited && !entry.request.deadline().isNever()) {
        entry.watch = timekeeper.watch(entry, entry.request.deadline());
      }
      whenAdmitted.run();
    } catch (OutOfMemoryError e) {
      // no thread is to be had at all
      remove(entry);
      throw e;
    }
  }

  /** Lets those before the queue in, as far as there is room. */
  private void admitWaiting() {
    while (!outside.isEmpty() && inside.size() < limits.queue()) {
      List<Entry<T, R>> next = outside.take(this::hasRoom);
      if (next.isEmpty()) {
        return;
      }
      Entry<T, R> entry = next.get(0);
      Condition admitted = entry.admitted;
      admit(entry);
      if (admitted != null) {
        admitted.signal();
      }
    }
  }

  /** Takes the next batch, all of whose entries are gone from here. */
  List<Entry<T, R>> take(long now) {
    List<Entry<T, R>> batch = closed ? inside.take(entry -> true) : inside.take(now);
    batch.forEach(entry -> entry.place = Entry.Place.GONE);
    if (!batch.isEmpty()) {
      admitWaiting();
    }
    return batch;
  }

  /** Gives up an entry wherever it is. */
  void remove(Entry<T, R> entry) {
    if (entry.place == Entry.Place.INSIDE) {
      inside.remove(entry);
    } else if (entry.place == Entry.Place.OUTSIDE) {
      outside.remove(entry);
    }
    entry.place = Entry.Place.GONE;
    forget(entry);
    admitWaiting();
  }

  /** Its deadline is of no interest any more. */
  void forget(Entry<T, R> entry) {
    Timekeeper.Watch<Entry<T, R>> watch = entry.watch;
    if (watch != null) {
      entry.watch = null;
      timekeeper.forget(watch);
    }
  }

  RuntimeException exceeded(Entry<T, R> entry) {
    RuntimeException givenUp = entry.givenUp;
    return givenUp == null
        ? entry.request.deadline().exceeded(stage.describe(entry.item))
        : givenUp;
  }

  boolean isEmpty() {
    return inside.isEmpty();
  }

  int size() {
    return inside.size();
  }

  /** Nanoseconds until something is due; the largest number when nothing waits. */
  long untilDue(long now) {
    return inside.untilDue(now);
  }

  boolean isClosed() {
    return closed;
  }

  void requireOpen() {
    if (closed) {
      throw stage.closed();
    }
  }

  /** Refuses those before the queue, and all that come. */
  void close() {
    closed = true;
    for (Entry<T, R> refused : outside.removeAll()) {
      refused.place = Entry.Place.GONE;
      if (refused.admitted != null) {
        refused.admitted.signal();
      }
    }
  }
}
