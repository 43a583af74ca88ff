package io.shelfmark.storage.fs;

import io.shelfmark.storage.BlobKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * One writer of a key at a time, among the threads of this process and among processes. The
 * operating system lets go of a killed process's lock.
 *
 * <p>A file lock belongs to the process: closing any channel on the file drops it for all threads.
 * Therefore a thread first takes the stripe's lock of this process, and no two threads ever have
 * the same lock file open. The stripes are static because the file locks of two stores on one
 * folder belong to the same process, too. Thread-safe.
 */
final class KeyLocks {

  private static final int STRIPES = 64;

  /** Each protects the lock file of its number, in whatever store. */
  private static final ReentrantLock[] IN_PROCESS =
      IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

  interface Action<T> {
    T run() throws IOException;
  }

  private final Path folder;

  KeyLocks(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Runs an action while no other thread of this process runs one for the same key. */
  static <T> T inProcess(BlobKey key, Action<T> action) throws IOException {
    ReentrantLock lock = IN_PROCESS[stripe(key)];
    lock.lock();
    try {
      return action.run();
    } finally {
      lock.unlock();
    }
  }

  private static int stripe(BlobKey key) {
    return Math.floorMod(key.value().hashCode(), STRIPES);
  }

  /** The same among all processes on the folder. */
  <T> T locked(BlobKey key, Action<T> action) throws IOException {
    int stripe = stripe(key);
    IN_PROCESS[stripe].lock();
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(Integer.toString(stripe)),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      return action.run();
    } finally {
      IN_PROCESS[stripe].unlock();
    }
  }
}
