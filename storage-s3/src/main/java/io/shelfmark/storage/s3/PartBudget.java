package io.shelfmark.storage.s3;

import io.shelfmark.storage.StorageException;
import java.util.concurrent.Semaphore;

/**
 * The memory that parts may take at once. A part longer than all of it waits until it is the only
 * one. Thread-safe; fair, so that long parts get their turn.
 */
final class PartBudget {

  private static final int UNIT = 64 * 1024;

  private final int units;
  private final Semaphore free;

  PartBudget(long bytes) {
    this.units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, units(bytes)));
    this.free = new Semaphore(units, true);
  }

  private static long units(long bytes) {
    return (bytes + UNIT - 1) / UNIT;
  }

  private int permits(long bytes) {
    return (int) Math.min(units, units(bytes));
  }

  void acquire(long bytes) {
    try {
      free.acquire(permits(bytes));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(
          "Cannot store content: found the thread interrupted, expected to wait for memory", e);
    }
  }

  boolean tryAcquire(long bytes) {
    return free.tryAcquire(permits(bytes));
  }

  /** Gives back what was acquired for as many bytes. */
  void release(long bytes) {
    free.release(permits(bytes));
  }
}
