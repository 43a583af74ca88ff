package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sees to one runner for a home, in this process and in others. The system gives it back when the
 * process ends, however that happens; the file stays. Thread-safe; who took it closes it.
 */
final class HomeLock implements AutoCloseable {

  private final FileChannel file;
  private final FileLock lock;

  private HomeLock(FileChannel file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * Takes that of a folder, which is there.
   *
   * @throws StorageException when another runner has it
   */
  static HomeLock of(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      return new HomeLock(file, lock(file, folder));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileLock lock(FileChannel file, Path folder) throws IOException {
    FileLock lock;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new StorageException(
          "Cannot open the pipelines in %s: found another runner on them, expected one for a home (close it, or give this one another home)"
              .formatted(folder));
    }
    return lock;
  }

  @Override
  public void close() throws IOException {
    lock.close();
    file.close();
  }
}
