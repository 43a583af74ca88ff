package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches that the store does not have, in the one order in which it gets them: those that dead
 * processes left, this process's spool, then memory. The writer's thread alone adds at the end, and
 * moves what is in memory to the spool, the oldest first; the sender's thread alone takes away at
 * the beginning. So what is not in order is not possible: a batch is in the spool only if every
 * older one is there or sent.
 *
 * <p>Thread-safe. The outbox closes it.
 */
final class Backlog implements AutoCloseable {

  private final Buffer buffer;
  private final Spool own;

  // Protects everything below, the positions of the spools and the state of batches. Under it a
  // sent position is noted on disk, but nothing is synced and the store is not called. The
  // buffer's lock is never taken under it.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition first = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private final Deque<Spool> adopted;
  private final Deque<Batch> memory = new ArrayDeque<>();

  /** How many of the things added are durable, and how many the store has. */
  private long durable;

  private long sent;
  private boolean away;
  private boolean closing;

  Backlog(Buffer buffer, Spool own, List<Spool> adopted) {
    this.buffer = buffer;
    this.own = own;
    this.adopted = new ArrayDeque<>(adopted);
  }

  // ---- the writer's side

  /**
   * Whether another batch may be gathered: when none is on its way, so that one takes all that came
   * meanwhile and is durable at the cost of one sync; a full one also behind another, so that the
   * sender need not wait for it.
   */
  boolean hasPlace(boolean isFull) {
    lock.lock();
    try {
      return memory.size() < (isFull ? 2 : 1);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a batch at the end. */
  void add(Batch batch) {
    lock.lock();
    try {
      memory.add(batch);
      // the sender begins with what is in memory only if it need not go through the spool
      first.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether what is in memory has to go to the spool. */
  boolean mustSpill(long now, boolean crowded) {
    lock.lock();
    try {
      Batch oldest = memory.peek();
      return oldest != null
          && (away
              || crowded
              || !own.isDrained()
              || !adopted.isEmpty()
              || now - oldest.deadline() >= 0);
    } finally {
      lock.unlock();
    }
  }

  /** When the oldest batch in memory has to be durable, as nanoseconds from now. */
  long untilDeadline(long now, long atMost) {
    lock.lock();
    try {
      Batch oldest = memory.peek();
      return oldest == null ? atMost : Math.min(atMost, Math.max(0, oldest.deadline() - now));
    } finally {
      lock.unlock();
    }
  }

  /** The batch that goes to the spool next. */
  @Nullable Batch oldestInMemory() {
    lock.lock();
    try {
      return memory.peek();
    } finally {
      lock.unlock();
    }
  }

  /** Notes where a batch is durable in the spool. It may have been sent while it was written. */
  void spilled(Batch batch, SpoolPosition end) {
    boolean wasInMemory;
    lock.lock();
    try {
      own.setDurable(end);
      wasInMemory = memory.peek() == batch;
      if (wasInMemory) {
        memory.remove();
        batch.spool = own;
        batch.spoolEnd = end;
      } else {
        own.setSent(end);
      }
      durable = Math.max(durable, batch.end());
      progress.signalAll();
      first.signal();
    } finally {
      lock.unlock();
    }
    if (wasInMemory) {
      buffer.release(batch.bytes());
    }
  }

  /** Removes the spool's last file when everything was sent. */
  void trim() throws IOException {
    boolean drained;
    lock.lock();
    try {
      drained = own.isDrained();
    } finally {
      lock.unlock();
    }
    // only this thread adds to the spool: it is still drained
    if (drained) {
      own.writer().trim();
    }
  }

  /** This process's spool. */
  Spool own() {
    return own;
  }

  // ---- the sender's side

  /** The oldest batch, or null if there is none. */
  @Nullable Batch first() throws IOException {
    while (true) {
      Spool spool;
      SpoolPosition from;
      SpoolPosition end;
      lock.lock();
      try {
        spool = adopted.isEmpty() ? own : adopted.element();
        if (spool.isDrained()) {
          if (spool == own) {
            return memory.peek();
          }
          adopted.remove();
          progress.signalAll();
        }
        from = spool.sent();
        end = spool.durable();
      } finally {
        lock.unlock();
      }
      if (from.compareTo(end) < 0) {
        return spool.read(from, end);
      }
      spool.close();
    }
  }

  /** Notes that the store has the oldest batch. */
  void sent(Batch batch) {
    boolean wasInMemory;
    lock.lock();
    try {
      Spool spool = batch.spool;
      SpoolPosition spoolEnd = batch.spoolEnd;
      wasInMemory = spool == null || spoolEnd == null;
      if (spool == null || spoolEnd == null) {
        memory.remove();
      } else {
        spool.setSent(spoolEnd);
      }
      if (spool == null || spool == own) {
        sent = Math.max(sent, batch.end());
        durable = Math.max(durable, sent);
      }
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    if (wasInMemory) {
      buffer.release(batch.bytes());
    } else {
      // the spool may have room again, or be empty
      buffer.wake();
    }
  }

  /** Says whether the store is away; what is in memory goes to the spool then. */
  void setAway(boolean isAway) {
    lock.lock();
    try {
      away = isAway;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
    buffer.wake();
  }

  /** Lets the sender wait some nanoseconds, or until it has to end. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long rest = nanos;
      while (!closing && rest > 0) {
        rest = first.awaitNanos(rest);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the sender wait until there is a batch. */
  void awaitFirst() throws InterruptedException {
    lock.lock();
    try {
      while (!closing && isEmpty()) {
        first.await();
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- whoever flushes

  /** Whether the store has everything. */
  boolean isEmpty() {
    lock.lock();
    try {
      return memory.isEmpty() && own.isDrained() && adopted.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  boolean isDurable(long position) {
    lock.lock();
    try {
      return durable >= position;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, through interrupts, until things are durable. */
  boolean awaitDurable(long position, long nanos) {
    return awaitProgress(position, nanos, Goal.DURABLE);
  }

  /**
   * Waits, through interrupts, until the store has things and what dead processes left before them;
   * does not wait for one that is away.
   */
  boolean awaitSent(long position, long nanos) {
    return awaitProgress(position, nanos, Goal.SENT);
  }

  private enum Goal {
    DURABLE,
    SENT
  }

  private boolean awaitProgress(long position, long nanos, Goal goal) {
    boolean interrupted = false;
    lock.lock();
    try {
      long rest = nanos;
      while (goal == Goal.DURABLE ? durable < position : sent < position || !adopted.isEmpty()) {
        if (rest <= 0 || (goal == Goal.SENT && away)) {
          return false;
        }
        try {
          rest = progress.awaitNanos(rest);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Wakes the sender to end. */
  void end() {
    lock.lock();
    try {
      closing = true;
      first.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Releases the spools; what is in them waits for the next one who opens. Threads have ended. */
  @Override
  public void close() throws IOException {
    try (own) {
      for (Spool spool : adopted) {
        spool.close();
      }
    }
  }
}
