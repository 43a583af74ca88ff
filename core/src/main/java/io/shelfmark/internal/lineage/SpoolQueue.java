package io.shelfmark.internal.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events in files of a folder, so that a killed process leaves them to the next one. A file holds a
 * few megabytes, a line for each event, and goes when all of it has arrived; how far the oldest is
 * sent stands in {@code sent}. Nothing is synced: a power failure may take the last events. After a
 * kill the last event may arrive twice. Thread-safe: it guards itself.
 */
final class SpoolQueue implements EventQueue {

  private static final String SUFFIX = ".jsonl";
  private static final int BLOCK = 64 << 10;

  private final Path folder;
  private final long limit;
  private final long segmentLength;
  private final FileChannel lock;
  private final FileChannel sent;

  /** Lengths of the files by number. */
  private final SortedMap<Long, Long> segments = new TreeMap<>();

  /** The highest number that a file ever had: {@code sent} may yet speak of it. */
  private long lastNumber;

  private long offset;
  private @Nullable FileChannel reader;
  private @Nullable String head;
  private int headLength;
  private boolean ended;
  private boolean closed;

  private SpoolQueue(Path folder, long limit, FileChannel lock, FileChannel sent) {
    this.folder = folder;
    this.limit = limit;
    this.segmentLength = Math.max(1, Math.min(4L << 20, limit / 4));
    this.lock = lock;
    this.sent = sent;
  }

  /** Opens a folder, which no other process may use meanwhile. */
  static SpoolQueue open(Path folder, long limit) {
    try {
      Files.createDirectories(folder);
      FileChannel lock = channel(folder.resolve("lock"));
      if (!locked(lock)) {
        lock.close();
        throw new StorageException(
            "Cannot use spool %s: found it in use by another process, expected it to be free (give each its own)"
                .formatted(folder));
      }
      SpoolQueue queue = new SpoolQueue(folder, limit, lock, channel(folder.resolve("sent")));
      queue.recover();
      return queue;
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static StorageException failure(Path folder, IOException cause) {
    return new StorageException(
        "Cannot use spool %s: found %s, expected a folder to write to (check the disk)"
            .formatted(folder, cause),
        cause);
  }

  private void recover() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX)).toList()) {
        String name = String.valueOf(file.getFileName());
        long number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        try (FileChannel channel = channel(file)) {
          segments.put(number, cutToWholeLines(channel));
        }
      }
    }
    lastNumber = segments.isEmpty() ? 0 : segments.lastKey();
    ByteBuffer place = ByteBuffer.allocate(2 * Long.BYTES);
    if (sent.read(place, 0) == place.capacity()) {
      place.flip();
      long number = place.getLong();
      long length = place.getLong();
      boolean isFirst = !segments.isEmpty() && number == segments.firstKey();
      offset = isFirst && length <= segments.getOrDefault(number, 0L) ? length : 0;
      lastNumber = Math.max(lastNumber, number);
    }
    dropSentSegments();
  }

  /** A killed process may have left half a line. */
  private static long cutToWholeLines(FileChannel channel) throws IOException {
    long end = channel.size();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (end > 0 && channel.read(one.clear(), end - 1) == 1 && one.get(0) != '\n') {
      end--;
    }
    channel.truncate(end);
    return end;
  }

  private Path file(long number) {
    return folder.resolve("%012d%s".formatted(number, SUFFIX));
  }

  @Override
  public synchronized boolean add(String event) {
    byte[] line = (event + "\n").getBytes(UTF_8);
    long size = segments.values().stream().mapToLong(length -> length).sum();
    if (ended || size + line.length > limit) {
      return false;
    }
    long number = segments.isEmpty() ? lastNumber + 1 : segments.lastKey();
    if (segments.getOrDefault(number, 0L) >= segmentLength) {
      number++;
    }
    long length = segments.getOrDefault(number, 0L);
    try (FileChannel channel = channel(file(number))) {
      ByteBuffer bytes = ByteBuffer.wrap(line);
      // at its place: what a full disk left behind it is written over
      for (long at = length; bytes.hasRemaining(); ) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
    segments.put(number, length + line.length);
    lastNumber = number;
    notifyAll();
    return true;
  }

  @Override
  public synchronized Optional<String> head() throws InterruptedException {
    while (segments.isEmpty() && !ended) {
      wait();
    }
    if (segments.isEmpty() || closed) {
      return Optional.empty();
    }
    if (head == null) {
      head = read();
    }
    return Optional.of(head);
  }

  private String read() {
    try {
      FileChannel channel = reader;
      if (channel == null) {
        channel = FileChannel.open(file(segments.firstKey()), StandardOpenOption.READ);
        reader = channel;
      }
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
      while (true) {
        int from = bytes.position();
        if (channel.read(bytes, offset + from) < 0) {
          throw new IOException("a line without an end at " + offset);
        }
        for (int i = from; i < bytes.position(); i++) {
          if (bytes.get(i) == '\n') {
            headLength = i + 1;
            return new String(bytes.array(), 0, i, UTF_8);
          }
        }
        if (!bytes.hasRemaining()) {
          bytes = ByteBuffer.allocate(bytes.capacity() * 2).put(bytes.flip());
        }
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  @Override
  public synchronized void removeHead() {
    offset += headLength;
    head = null;
    try {
      noteSent();
      dropSentSegments();
    } catch (IOException e) {
      throw failure(folder, e);
    }
    notifyAll();
  }

  private void noteSent() throws IOException {
    ByteBuffer place = ByteBuffer.allocate(2 * Long.BYTES);
    place.putLong(segments.firstKey()).putLong(offset).flip();
    sent.write(place, 0);
  }

  private void dropSentSegments() throws IOException {
    while (!segments.isEmpty() && offset >= segments.getOrDefault(segments.firstKey(), 0L)) {
      if (reader != null) {
        reader.close();
        reader = null;
      }
      long number = segments.firstKey();
      Files.deleteIfExists(file(number));
      segments.remove(number);
      offset = 0;
    }
  }

  @Override
  public synchronized boolean isEmpty() {
    return segments.isEmpty();
  }

  @Override
  public synchronized String afterwards() {
    return "the rest stays in " + folder;
  }

  @Override
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (reader != null) {
        reader.close();
      }
      sent.close();
      lock.close();
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }
}
