package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A work folder of this process, beside those of others, and a file {@code .lock} that is locked as
 * long as the process lives. What a killed process left is removed by the next one that begins.
 * Thread-safe.
 */
final class StepFolder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StepFolder.class);
  private static final String PREFIX = "step-";
  private static final String SUFFIX = ".lock";

  /**
   * Those of this process, whose locks must not be opened again: to close such a channel gives the
   * lock away. Guarded by the class.
   */
  private static final Set<Path> OWN = new HashSet<>();

  private final Path path;
  private final FileChannel lock;

  private StepFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes a folder in a home, and removes those whose processes are gone. */
  static StepFolder in(Path home) {
    synchronized (StepFolder.class) {
      try {
        Path real = Files.createDirectories(home).toRealPath();
        // one process after the other: no folder is seen before its lock is held
        try (FileChannel beginning = locked(real.resolve("lock"))) {
          LOG.trace("Begins with {} held", beginning);
          removeLeft(real);
          Path path = Files.createTempDirectory(real, PREFIX);
          FileChannel lock = locked(lockOf(path));
          OWN.add(path);
          return new StepFolder(path, lock);
        }
      } catch (IOException e) {
        throw new StorageException(
            "Cannot make a work folder in %s: found %s, expected room for it (check the disk)"
                .formatted(home, e),
            e);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Until it is closed. */
  private static FileChannel locked(Path file) throws IOException {
    FileChannel channel = open(file);
    var unused = channel.lock();
    return channel;
  }

  private static Path lockOf(Path folder) {
    return folder.resolveSibling(folder.getFileName() + SUFFIX);
  }

  private static void removeLeft(Path home) throws IOException {
    List<Path> folders;
    try (Stream<Path> entries = Files.list(home)) {
      folders =
          entries
              .map(entry -> String.valueOf(entry.getFileName()))
              .filter(name -> name.startsWith(PREFIX))
              .map(name -> name.endsWith(SUFFIX) ? name.substring(0, name.length() - 5) : name)
              .distinct()
              .map(home::resolve)
              .filter(folder -> !OWN.contains(folder))
              .toList();
    }
    for (Path folder : folders) {
      try (FileChannel channel = open(lockOf(folder));
          FileLock held = channel.tryLock()) {
        if (held != null) {
          remove(folder);
        }
      }
    }
  }

  /** The lock goes last: a folder without one would be nobody's. */
  private static void remove(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(lockOf(folder));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Something is left in {}", folder, e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    synchronized (StepFolder.class) {
      remove(path);
      OWN.remove(path);
      try {
        lock.close();
      } catch (IOException e) {
        LOG.debug("The lock of {} could not be closed", path, e);
      }
    }
  }
}
