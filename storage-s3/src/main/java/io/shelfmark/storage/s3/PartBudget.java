package io.shelfmark.storage.s3;

import io.shelfmark.storage.StorageException;
import java.lang.ref.SoftReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The memory that parts may take at once. A part longer than all of it waits until it is the only
 * one. Arrays of the usual length are used again, unless memory is short: a new one costs as much
 * as sending it on a fast line. Thread-safe; fair, so that long parts get their turn.
 */
final class PartBudget {

  private static final int UNIT = 64 * 1024;

  private final int units;
  private final int partSize;
  private final Semaphore free;
  private final Queue<SoftReference<byte[]>> arrays = new ConcurrentLinkedQueue<>();

  PartBudget(int parts, int partSize) {
    long bytes = (long) parts * partSize;
    this.partSize = partSize;
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

  /** An array within what was acquired; its bytes are anything. */
  byte[] array(int length) {
    if (length == partSize) {
      for (SoftReference<byte[]> used; (used = arrays.poll()) != null; ) {
        byte[] array = used.get();
        if (array != null) {
          return array;
        }
      }
    }
    return new byte[length];
  }

  /** Gives back an array that nobody reads any more. */
  void recycle(byte[] array) {
    if (array.length == partSize) {
      arrays.add(new SoftReference<>(array));
    }
  }

  /** Gives back what was acquired for as many bytes. */
  void release(long bytes) {
    free.release(permits(bytes));
  }
}
