package io.shelfmark.inference.batching;

import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a {@link Batcher} and the threads behind it.
 *
 * <p>One lock guards all that changes: where each entry is, the queue, those before it, and how
 * many lanes are taken. Every step under it is short and calls nobody else's code, and a batch
 * costs milliseconds of the engine, so a finer scheme would buy nothing; a {@link ReentrantLock}
 * has the conditions that let exactly the right thread be woken. Batches run and futures complete
 * without it.
 */
final class Lanes<T, R> {

  private static final long KEEP_ALIVE = TimeUnit.MINUTES.toNanos(1);

  /** How many free places a caller's own ones in the queue stand against, see {@link Batcher}. */
  private static final int SHARE = 4;

  private final BatchLimits limits;
  private final BatchStage<T, R> stage;
  private final BatchRun<T, R> batchRun;
  private final Timekeeper<Entry<T, R>> timekeeper = new Timekeeper<>(this::expire);
  private final long delay;

  /** Guards what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition work = lock.newCondition();
  private final Condition done = lock.newCondition();
  private final FairQueue<T, R> inside;
  private final FairQueue<T, R> outside = new FairQueue<>(1);
  private int running;
  private int threads;
  private int idle;
  private boolean closed;

  Lanes(BatchLimits limits, BatchStage<T, R> stage) {
    this.limits = limits;
    this.stage = stage;
    this.batchRun = new BatchRun<>(stage);
    this.inside = new FairQueue<>(limits.maxBatch());
    this.delay = limits.maxDelay().toNanos();
  }

  CompletableFuture<R> submit(T item, Request request, WhenFull whenFull)
      throws InterruptedException {
    Entry<T, R> entry =
        new Entry<>(
            item, request, stage.bucket(item), stage.size(item), due(request), this::withdraw);
    @Nullable RuntimeException refusal;
    lock.lock();
    try {
      refusal = accept(entry, whenFull);
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      entry.completeExceptionally(refusal);
    }
    return entry;
  }

  /** Work that the delay would make late is not held back. */
  private long due(Request request) {
    long now = System.nanoTime();
    return request.deadline().left(now) <= delay ? now : now + delay;
  }

  /** Why it is not taken, or null when it is. */
  private @Nullable RuntimeException accept(Entry<T, R> entry, WhenFull whenFull)
      throws InterruptedException {
    requireOpen();
    Deadline deadline = entry.request.deadline();
    if (deadline.hasPassed()) {
      return exceeded(entry);
    }
    boolean waits =
        whenFull == WhenFull.WAIT
            || (whenFull == WhenFull.WAIT_UNTIL_DEADLINE && !deadline.isNever());
    if (waits ? hasRoom(entry) || isHere() : hasShare(entry)) {
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
    try {
      while (entry.place == Entry.Place.OUTSIDE) {
        Deadline deadline = entry.request.deadline();
        if (deadline.isNever()) {
          admitted.await();
        } else if (admitted.awaitNanos(deadline.left(System.nanoTime())) <= 0) {
          break;
        }
      }
    } catch (InterruptedException e) {
      // it may have been let in meanwhile, and even be running
      entry.cancel(false);
      throw e;
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

  /** Puts it into the queue and sees to a thread for it. */
  private void admit(Entry<T, R> entry) {
    entry.place = Entry.Place.INSIDE;
    entry.admitted = null;
    inside.add(entry);
    try {
      if (!entry.request.deadline().isNever()) {
        entry.watch = timekeeper.watch(entry, entry.request.deadline());
      }
      wake();
    } catch (OutOfMemoryError e) {
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

  private void remove(Entry<T, R> entry) {
    if (entry.place == Entry.Place.INSIDE) {
      inside.remove(entry);
    } else if (entry.place == Entry.Place.OUTSIDE) {
      outside.remove(entry);
    }
    entry.place = Entry.Place.GONE;
    forget(entry);
    admitWaiting();
    signalWhenDone();
  }

  private void forget(Entry<T, R> entry) {
    Timekeeper.Watch<Entry<T, R>> watch = entry.watch;
    if (watch != null) {
      entry.watch = null;
      timekeeper.forget(watch);
    }
  }

  private void withdraw(Entry<T, R> entry) {
    lock.lock();
    try {
      remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /** On the timekeeper's thread: their time is up, whether they wait or are being run. */
  private void expire(List<Entry<T, R>> passed) {
    lock.lock();
    try {
      passed.forEach(this::remove);
    } finally {
      lock.unlock();
    }
    for (Entry<T, R> entry : passed) {
      entry.completeExceptionally(exceeded(entry));
    }
  }

  private RuntimeException exceeded(Entry<T, R> entry) {
    return entry.request.deadline().exceeded(stage.describe(entry.item));
  }

  /** Takes a lane for the caller itself; false when it has to wait like all others. */
  boolean enter() {
    lock.lock();
    try {
      requireOpen();
      boolean free = delay == 0 && inside.isEmpty() && running < limits.lanes();
      running += free ? 1 : 0;
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** Gives that lane back. */
  void leave() {
    lock.lock();
    try {
      running--;
      if (!inside.isEmpty()) {
        wake();
      }
      signalWhenDone();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes a thread, or starts one while there are fewer than lanes. */
  private void wake() {
    if (idle > 0) {
      work.signal();
    } else if (threads < limits.lanes()) {
      start();
    }
  }

  /** A system out of threads is bad news for whoever asks only when there is none at all. */
  private void start() {
    try {
      new LaneThread(this).start();
      threads++;
    } catch (OutOfMemoryError e) {
      if (threads == 0) {
        throw e;
      }
    }
  }

  /** What a lane's thread does. */
  private void work() {
    while (true) {
      List<Entry<T, R>> batch;
      lock.lock();
      try {
        batch = next();
        if (batch.isEmpty()) {
          threads--;
          return;
        }
      } finally {
        lock.unlock();
      }
      run(batch);
    }
  }

  /** Waits for the next batch and takes a lane for it; none when the thread should end. */
  private List<Entry<T, R>> next() {
    long patience = KEEP_ALIVE;
    while (true) {
      List<Entry<T, R>> batch = take();
      if (!batch.isEmpty() || (inside.isEmpty() && (closed || patience <= 0))) {
        return batch;
      }
      boolean ready = running < limits.lanes() && !inside.isEmpty();
      long wait = ready ? inside.untilDue(System.nanoTime()) : patience;
      idle++;
      try {
        long left = work.awaitNanos(wait);
        patience = ready ? KEEP_ALIVE : left;
      } catch (InterruptedException e) {
        // a callback of the host's interrupted its own thread: this one goes on
      } finally {
        idle--;
      }
    }
  }

  private List<Entry<T, R>> take() {
    if (running >= limits.lanes()) {
      return List.of();
    }
    List<Entry<T, R>> batch = closed ? inside.take(entry -> true) : inside.take(System.nanoTime());
    if (!batch.isEmpty()) {
      running++;
      batch.forEach(entry -> entry.place = Entry.Place.GONE);
      admitWaiting();
      if (!inside.isEmpty()) {
        wake();
      }
    }
    return batch;
  }

  /**
   * Runs a batch. The lane is given back before the futures complete, so that callbacks do not hold
   * it.
   */
  private void run(List<Entry<T, R>> batch) {
    batchRun.run(batch);
    lock.lock();
    try {
      running--;
      batch.forEach(this::forget);
      signalWhenDone();
    } finally {
      lock.unlock();
    }
    batchRun.complete(batch);
  }

  private void signalWhenDone() {
    if (closed && running == 0 && inside.isEmpty()) {
      done.signalAll();
      work.signalAll();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return inside.size();
    } finally {
      lock.unlock();
    }
  }

  boolean isHere() {
    return (Thread.currentThread() instanceof LaneThread lane && lane.isOf(this))
        || timekeeper.isHere();
  }

  private void requireOpen() {
    if (closed) {
      throw stage.closed();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      for (Entry<T, R> refused : new ArrayList<>(outside.removeAll())) {
        refused.place = Entry.Place.GONE;
        if (refused.admitted != null) {
          refused.admitted.signal();
        }
      }
      work.signalAll();
      timekeeper.close();
    } finally {
      lock.unlock();
    }
    if (isHere()) {
      help();
    }
    lock.lock();
    try {
      while (running > 0 || !inside.isEmpty()) {
        done.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A callback that closes may be the only thread there is. */
  private void help() {
    while (true) {
      List<Entry<T, R>> batch;
      lock.lock();
      try {
        batch = take();
      } finally {
        lock.unlock();
      }
      if (batch.isEmpty()) {
        return;
      }
      run(batch);
    }
  }

  /** A thread for as long as there is work. */
  private static final class LaneThread extends Thread {
    private final Lanes<?, ?> lanes;

    LaneThread(Lanes<?, ?> lanes) {
      super("shelfmark-" + lanes.stage.name());
      this.lanes = lanes;
      setDaemon(true);
    }

    boolean isOf(Lanes<?, ?> others) {
      return lanes.equals(others);
    }

    @Override
    public void run() {
      lanes.work();
    }
  }
}
