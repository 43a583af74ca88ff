package io.shelfmark.storage.s3;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * One writer of an object at a time among the threads of this process, for servers without
 * conditional writes. The stripes are static because two stores on one bucket must exclude each
 * other, too.
 */
final class KeyLocks {

  /** Each protects the looking at an object and the write that follows. */
  private static final ReentrantLock[] STRIPES =
      IntStream.range(0, 64).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

  private KeyLocks() {}

  static <T> T locked(String path, Supplier<T> action) {
    ReentrantLock lock = STRIPES[Math.floorMod(path.hashCode(), STRIPES.length)];
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
