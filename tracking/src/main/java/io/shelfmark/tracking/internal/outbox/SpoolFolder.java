package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The files of one spool, and the lock that says whose they are. The lock lies beside the folder
 * and is held for as long as its process uses it; the lock of a killed process can be had.
 *
 * <p>Thread-safe; the files themselves have one writer and one reader. Its spool closes it.
 */
final class SpoolFolder implements AutoCloseable {

  static final String LOCK = ".lock";
  private static final String SEGMENT = ".spool";

  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z-'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Lock files in use in this process: opening and closing one would drop our own lock. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path lockFile;
  private final Path folder;
  private final FileChannel lock;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Long> damaged = ConcurrentHashMap.newKeySet();

  private SpoolFolder(Path lockFile, FileChannel lock) {
    String name = String.valueOf(lockFile.getFileName());
    this.lockFile = lockFile;
    this.folder = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
    this.lock = lock;
  }

  /** A new folder of this process. */
  static SpoolFolder create(Path parent) throws IOException {
    Path real = Files.createDirectories(parent).toRealPath();
    while (true) {
      // named by age, which times of files tell only to some milliseconds
      Path lockFile = real.resolve(NAME.format(Instant.now()) + UUID.randomUUID() + LOCK);
      Optional<SpoolFolder> created = lock(lockFile, StandardOpenOption.CREATE_NEW);
      if (created.isPresent()) {
        Files.createDirectory(created.get().folder);
        return created.get();
      }
      // another process took the file between its creation and our lock for an abandoned one
    }
  }

  /** The folder of a dead process, which is this one's from now on; empty if its owner lives. */
  static Optional<SpoolFolder> adopt(Path lockFile) throws IOException {
    Optional<SpoolFolder> adopted = lock(lockFile, StandardOpenOption.WRITE);
    if (adopted.isPresent()) {
      SpoolFolder folder = adopted.get();
      for (long segment : folder.segments()) {
        folder.bytes.addAndGet(Files.size(folder.segment(segment)));
      }
    }
    return adopted;
  }

  private static Optional<SpoolFolder> lock(Path lockFile, StandardOpenOption how)
      throws IOException {
    if (!OURS.add(lockFile)) {
      return Optional.empty();
    }
    @Nullable FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(lockFile, how, StandardOpenOption.WRITE);
      @Nullable FileLock lock = channel.tryLock();
      // only who holds the lock removes the file: if it is still there, it stays
      locked = lock != null && Files.exists(lockFile);
      return locked ? Optional.of(new SpoolFolder(lockFile, channel)) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        OURS.remove(lockFile);
      }
    }
  }

  Path path() {
    return folder;
  }

  Path segment(long number) {
    return folder.resolve("%010d%s".formatted(number, SEGMENT));
  }

  /** Bytes of all segments. */
  long bytes() {
    return bytes.get();
  }

  void grewBy(long more) {
    bytes.addAndGet(more);
  }

  /** The numbers of the segments there are, in order. */
  List<Long> segments() throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SEGMENT)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        try {
          numbers.add(Long.valueOf(name.substring(0, name.length() - SEGMENT.length())));
        } catch (NumberFormatException e) {
          // not one of ours
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    numbers.sort(null);
    return numbers;
  }

  /** Where a damaged segment will be kept. */
  Path setAside(long number) {
    damaged.add(number);
    return folder.resolveSibling("%s-%010d.damaged".formatted(folder.getFileName(), number));
  }

  /** Removes a segment that was sent, or sets it aside if it is damaged. */
  void removeSegment(long number) throws IOException {
    Path file = segment(number);
    try {
      long size = Files.size(file);
      if (damaged.contains(number)) {
        Files.move(file, setAside(number), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.delete(file);
      }
      bytes.addAndGet(-size);
    } catch (NoSuchFileException e) {
      // it is gone already
    }
  }

  /** Removes everything; the lock file last, so that what a kill leaves is found. */
  void remove() throws IOException {
    for (long segment : segments()) {
      removeSegment(segment);
    }
    Files.deleteIfExists(folder.resolve(Cursor.NAME));
    Files.deleteIfExists(folder);
    Files.deleteIfExists(lockFile);
  }

  /** Releases the lock; what is in the folder waits for the next one who opens. */
  @Override
  public void close() throws IOException {
    try {
      lock.close();
    } finally {
      OURS.remove(lockFile);
    }
  }
}
