package io.shelfmark.inference.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads behind a {@link Batcher}, and what guards all of it.
 *
 * <p>One lock guards all that changes: where each entry is, the queue, those before it, and how
 * many lanes are taken. Every step under it is short and calls nobody else's code, and a batch
 * costs milliseconds of the engine, so a finer scheme would buy nothing; a {@link ReentrantLock}
 * has the conditions that let exactly the right thread be woken. Batches run and futures complete
 * without it.
 */
final class Lanes<T, R> {

  private static final long KEEP_ALIVE = TimeUnit.MINUTES.toNanos(1);

  private final int count;
  private final long delay;
  private final BatchStage<T, R> stage;
  private final BatchRun<T, R> batchRun;
  private final Timekeeper<Entry<T, R>> timekeeper = new Timekeeper<>(this::expire);

  /** Guards what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition work = lock.newCondition();
  private final Condition done = lock.newCondition();
  private final WaitingRoom<T, R> room;
  private final Triage<T, R> triage;
  private int running;
  private int threads;
  private int idle;

  Lanes(BatchLimits limits, BatchStage<T, R> stage) {
    this.count = limits.lanes();
    this.delay = limits.maxDelay().toNanos();
    this.stage = stage;
    this.batchRun = new BatchRun<>(stage);
    this.triage = new Triage<>(stage);
    this.room = new WaitingRoom<>(limits, stage, lock, timekeeper, this::wake);
  }

  CompletableFuture<R> submit(T item, Request request, WhenFull whenFull)
      throws InterruptedException {
    Entry<T, R> entry = entry(item, request);
    handIn(entry, whenFull);
    return entry;
  }

  private Entry<T, R> entry(T item, Request request) {
    return new Entry<>(
        item, request, stage.bucket(item), stage.size(item), due(request), this::withdraw);
  }

  private void handIn(Entry<T, R> entry, WhenFull whenFull) throws InterruptedException {
    boolean ownThread = isHere();
    @Nullable RuntimeException refusal;
    lock.lock();
    try {
      refusal = room.accept(entry, whenFull, ownThread);
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      entry.completeExceptionally(refusal);
    }
  }

  /** Hands in and waits, until the deadline at the latest: then the caller's own thread knows. */
  R submitAndAwait(T item, Request request, WhenFull whenFull)
      throws InterruptedException, ExecutionException {
    Entry<T, R> entry = entry(item, request);
    entry.awaited = true;
    handIn(entry, whenFull);
    try {
      Deadline deadline = request.deadline();
      while (!entry.isDone() && !deadline.isNever()) {
        try {
          return entry.get(deadline.left(System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (deadline.hasPassed()) {
            expire(List.of(entry));
          }
        }
      }
      return entry.get();
    } catch (InterruptedException e) {
      if (!entry.cancel(false) && !entry.isCompletedExceptionally()) {
        stage.discard(entry.join());
      }
      throw e;
    }
  }

  /** Work that the delay would make late is not held back. */
  private long due(Request request) {
    long now = System.nanoTime();
    return request.deadline().left(now) <= delay ? now : now + delay;
  }

  private void withdraw(Entry<T, R> entry) {
    lock.lock();
    try {
      room.remove(entry);
      signalWhenDone();
    } finally {
      lock.unlock();
    }
  }

  /**
   * On the timekeeper's thread or that of whoever waits: their time is up, whether they wait or are
   * being run, or they were given up.
   */
  private void expire(List<Entry<T, R>> passed) {
    lock.lock();
    try {
      passed.forEach(room::remove);
      signalWhenDone();
    } finally {
      lock.unlock();
    }
    for (Entry<T, R> entry : passed) {
      entry.completeExceptionally(room.exceeded(entry));
    }
  }

  /** Takes a lane for the caller itself; false when it has to wait like all others. */
  boolean enter() {
    lock.lock();
    try {
      room.requireOpen();
      boolean free = delay == 0 && room.isEmpty() && running < count;
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
      if (!room.isEmpty()) {
        wake();
      }
      signalWhenDone();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Wakes a thread, or starts one while there are fewer than lanes. A system out of threads is bad
   * news for whoever asks only when there is none at all.
   */
  private void wake() {
    if (idle > 0) {
      work.signal();
    } else if (threads < count) {
      try {
        new LaneThread(stage.name(), this).start();
        threads++;
      } catch (OutOfMemoryError e) {
        if (threads == 0) {
          throw e;
        }
      }
    }
  }

  /** What a lane's thread does. */
  void work() {
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
      if (!batch.isEmpty() || (room.isEmpty() && (room.isClosed() || patience <= 0))) {
        return batch;
      }
      boolean ready = running < count && !room.isEmpty();
      long wait = ready ? room.untilDue(System.nanoTime()) : patience;
      idle++;
      try {
        long left = work.awaitNanos(wait);
        // work that waits for lanes which callers hold keeps its threads
        patience = room.isEmpty() && !ready ? left : KEEP_ALIVE;
      } catch (InterruptedException e) {
        // a callback of the host's interrupted its own thread: this one goes on
      } finally {
        idle--;
      }
    }
  }

  /**
   * A batch, and a lane for it. What cannot be done in time any more is given up, except where
   * nothing else waits: then it costs nobody anything to try.
   */
  private List<Entry<T, R>> take() {
    if (running >= count) {
      return List.of();
    }
    long now = System.nanoTime();
    List<Entry<T, R>> batch = room.take(now);
    if (!triage.canDo(batch, now)) {
      List<Entry<T, R>> last = batch;
      batch = new ArrayList<>(batch);
      while (!last.isEmpty() && !room.isEmpty() && !giveUpLate(last, now)) {
        last = room.take(now);
        batch.addAll(last);
      }
    }
    if (!batch.isEmpty()) {
      running++;
      if (!room.isEmpty()) {
        wake();
      }
    }
    return batch;
  }

  /**
   * The timekeeper tells of it: a callback on this thread would hold the lane. Where a thread waits
   * itself, there is no callback, and {@link #run} tells it.
   */
  private boolean giveUpLate(List<Entry<T, R>> batch, long now) {
    boolean any = triage.giveUpLate(batch, now);
    for (Entry<T, R> entry : batch) {
      Timekeeper.Watch<Entry<T, R>> watch = entry.watch;
      if (entry.givenUp != null && watch != null) {
        timekeeper.hurry(watch);
      }
    }
    return any;
  }

  /**
   * Runs a batch. The lane is given back before the futures complete, so that callbacks do not hold
   * it.
   */
  private void run(List<Entry<T, R>> batch) {
    for (Entry<T, R> entry : batch) {
      if (entry.awaited && entry.givenUp != null) {
        entry.completeExceptionally(entry.givenUp);
      }
    }
    long begin = System.nanoTime();
    boolean any = batchRun.run(batch);
    long nanos = System.nanoTime() - begin;
    lock.lock();
    try {
      running--;
      if (any) {
        triage.took(nanos);
      }
      batch.forEach(room::forget);
      signalWhenDone();
    } finally {
      lock.unlock();
    }
    batchRun.complete(batch);
    // a callback may have interrupted this thread: that is no concern of the next batch
    boolean unused = Thread.interrupted();
  }

  private void signalWhenDone() {
    if (room.isClosed() && running == 0 && room.isEmpty()) {
      done.signalAll();
      work.signalAll();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return room.size();
    } finally {
      lock.unlock();
    }
  }

  boolean isHere() {
    return (Thread.currentThread() instanceof LaneThread lane && lane.isOf(this))
        || timekeeper.isHere();
  }

  void close() {
    lock.lock();
    try {
      room.close();
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
      while (running > 0 || !room.isEmpty()) {
        done.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A callback that closes may be the only thread there is: it does what a lane's thread does until
   * nothing waits.
   */
  private void help() {
    while (true) {
      List<Entry<T, R>> batch;
      lock.lock();
      try {
        batch = next();
      } finally {
        lock.unlock();
      }
      if (batch.isEmpty()) {
        return;
      }
      run(batch);
    }
  }
}
