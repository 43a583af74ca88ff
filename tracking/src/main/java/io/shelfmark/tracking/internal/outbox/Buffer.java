package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was added and not yet gathered, in the order of adding. Adding takes a lock for a few
 * stores; it wakes the writer's thread once for a full batch, not for each thing, as the writer
 * looks here at every tick anyway. Thread-safe.
 */
final class Buffer {

  private static final int CHUNKS_KEPT = 32;

  /**
   * What {@link #take} gives.
   *
   * @param chunks in order
   * @param end how many things had been added up to their end
   * @param bytes what they take of the memory
   */
  record Taken(List<Chunk> chunks, long end, long bytes) {}

  private final long limit;
  private final long batchBytes;

  // Protects everything below. Held for moments; no other lock is taken and nothing is read or
  // written under it.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Deque<Chunk> full = new ArrayDeque<>();
  private final Deque<Chunk> free = new ArrayDeque<>();
  private Chunk filling = new Chunk();

  /** Things added so far, and how many of them were taken. */
  private long added;

  private long taken;

  /** Bytes in here, and those together with the batches in memory. */
  private long buffered;

  private long used;

  /** What is to be gathered at once, up to this position. */
  private long wanted;

  private boolean awake;
  private boolean closed;

  Buffer(long limit, long batchBytes) {
    this.limit = limit;
    this.batchBytes = batchBytes;
  }

  void metric(String runId, String key, double value, long step, long timeMillis) {
    lock.lock();
    try {
      admit(Footprint.METRIC);
      filling.metric(runId, key, value, step, timeMillis, Footprint.METRIC);
      added();
    } finally {
      lock.unlock();
    }
  }

  void add(RunWrite write) {
    long cost = Footprint.of(write);
    lock.lock();
    try {
      admit(cost);
      filling.add(write, cost);
      added();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for room, through interrupts, of which the thread still knows afterwards. */
  private void admit(long cost) {
    // one that is longer than all of the memory goes in when half of it is free, or it never would
    long needed = Math.min(cost, limit / 2);
    while (!closed && used + needed > limit) {
      wakeWriter();
      room.awaitUninterruptibly();
    }
    if (closed) {
      throw new IllegalStateException("Cannot log: the outbox is closed");
    }
    used += cost;
    long before = buffered;
    buffered += cost;
    if (buffered >= batchBytes && before < batchBytes) {
      wakeWriter();
    }
  }

  private void added() {
    added++;
    if (filling.isFull()) {
      full.add(filling);
      Chunk next = free.poll();
      filling = next == null ? new Chunk() : next;
    }
  }

  private void wakeWriter() {
    if (!awake) {
      awake = true;
      work.signal();
    }
  }

  /** Asks that everything added so far is gathered at once; up to where that is. */
  long press() {
    lock.lock();
    try {
      wanted = added;
      wakeWriter();
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the writer. */
  void wake() {
    lock.lock();
    try {
      wakeWriter();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the writer wait until it is woken, some nanoseconds at most. */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long rest = nanos;
      while (!awake && rest > 0) {
        rest = work.awaitNanos(rest);
      }
      awake = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is something to gather before the next tick. */
  boolean isPressed() {
    lock.lock();
    try {
      return wanted > taken || buffered >= batchBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is as much as a batch holds. */
  boolean isFull() {
    lock.lock();
    try {
      return buffered >= batchBytes;
    } finally {
      lock.unlock();
    }
  }

  /** How many things were added so far. */
  long position() {
    lock.lock();
    try {
      return added;
    } finally {
      lock.unlock();
    }
  }

  /** How many of them were taken. */
  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Whether so much is in memory that callers may have to wait soon. */
  boolean isCrowded() {
    lock.lock();
    try {
      return used > limit / 2;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the oldest things, about as many as a batch holds. */
  Taken take() {
    lock.lock();
    try {
      List<Chunk> chunks = new ArrayList<>();
      long bytes = 0;
      while (bytes < batchBytes && !full.isEmpty()) {
        Chunk chunk = full.remove();
        chunks.add(chunk);
        bytes += chunk.bytes();
        taken += chunk.size();
      }
      if (bytes < batchBytes && filling.size() > 0) {
        chunks.add(filling);
        bytes += filling.bytes();
        taken += filling.size();
        Chunk next = free.poll();
        filling = next == null ? new Chunk() : next;
      }
      buffered -= bytes;
      return new Taken(chunks, taken, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Gives chunks back, which were cleared. */
  void giveBack(List<Chunk> chunks) {
    lock.lock();
    try {
      for (Chunk chunk : chunks) {
        if (free.size() < CHUNKS_KEPT) {
          free.push(chunk);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a batch is no longer in memory, and wakes the writer, who may go on now. */
  void release(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      room.signalAll();
      wakeWriter();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more. Who waits for room is told; its write was not taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
