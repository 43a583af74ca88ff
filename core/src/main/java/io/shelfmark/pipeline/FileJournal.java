package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of events, each with its length (4 bytes), the CRC-32C of its bytes (4 bytes), and the
 * bytes, which are JSON. One thread writes what has come since it last did and syncs it by one
 * call; a file lock keeps other processes away. Reading ends at the first record that is torn or
 * damaged: what follows is set aside, and was of no effect unless the disk lost it. Thread-safe.
 */
final class FileJournal implements Journal {

  private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
  private static final int HEADER = 8;
  private static final int LONGEST = 256 << 20;

  /** Bytes that are written at once, unless one event has more. */
  private static final int BATCH = 64 << 20;

  private final Path file;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Consumer<StorageException> onFailure;

  /** Where it is written; of the writer alone while it lives. */
  private FileChannel channel;

  private final Thread writer = new Thread(this::write, "shelfmark-journal");

  /** What waits for the writer, and whether more may come; guards itself. */
  private final List<Entry> pending = new ArrayList<>();

  private boolean closed;

  private record Entry(ByteBuffer bytes, Wait until, Runnable then) {}

  private FileJournal(
      Path file,
      FileChannel lockFile,
      FileLock lock,
      FileChannel channel,
      Consumer<StorageException> onFailure) {
    this.file = file;
    this.lockFile = lockFile;
    this.lock = lock;
    this.channel = channel;
    this.onFailure = onFailure;
    writer.setDaemon(true);
  }

  /**
   * Opens the journal in a folder.
   *
   * @param earlier is told the events on record, in order
   * @param keep tells, after that, which of them stay on record
   * @param onFailure is told when the disk fails; nothing more is put on record then
   * @throws StorageException when another process has it, or it cannot be read
   */
  static FileJournal open(
      Path folder,
      Consumer<RunEvent> earlier,
      Predicate<RunEvent> keep,
      Consumer<StorageException> onFailure) {
    Path file = folder.resolve("journal");
    try {
      Files.createDirectories(folder);
      FileChannel lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = lock(lockFile, folder);
        List<RunEvent> events = read(file);
        events.forEach(earlier);
        rewrite(file, events.stream().filter(keep).toList());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.position(channel.size());
        FileJournal journal = new FileJournal(file, lockFile, lock, channel, onFailure);
        journal.writer.start();
        return journal;
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(
          "Cannot open journal %s: found %s, expected a file to read and write (check the disk and permissions)"
              .formatted(file, e),
          e);
    }
  }

  private static FileLock lock(FileChannel lockFile, Path folder) throws IOException {
    FileLock lock;
    try {
      lock = lockFile.tryLock();
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

  private static List<RunEvent> read(Path file) throws IOException {
    List<RunEvent> events = new ArrayList<>();
    if (!Files.exists(file)) {
      return events;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = 0;
      while (position < channel.size()) {
        byte[] payload = record(channel, position);
        if (payload == null) {
          Path rest = file.resolveSibling("journal.rest-" + position);
          Files.copy(file, rest, StandardCopyOption.REPLACE_EXISTING);
          LOG.warn(
              "Journal {} is damaged or torn at byte {} of {}; the steps behind it are done again. A copy is kept as {}",
              file,
              position,
              channel.size(),
              rest);
          break;
        }
        events.add(Documents.read(payload, RunEvent.class, "journal " + file));
        position += HEADER + payload.length;
      }
    }
    return events;
  }

  private static byte @Nullable [] record(FileChannel channel, long position) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!fill(channel, header, position)) {
      return null;
    }
    int length = header.getInt(0);
    if (length <= 0 || length > LONGEST || position + HEADER + length > channel.size()) {
      return null;
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    return fill(channel, payload, position + HEADER) && crc(payload.array()) == header.getInt(4)
        ? payload.array()
        : null;
  }

  private static boolean fill(FileChannel channel, ByteBuffer buffer, long position)
      throws IOException {
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position + buffer.position());
      if (read < 0) {
        return false;
      }
    }
    return true;
  }

  /** Puts the events that stay in the place of all; killed meanwhile, all are still there. */
  private static void rewrite(Path file, List<RunEvent> events) throws IOException {
    Path temporary = file.resolveSibling("journal.new");
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (RunEvent event : events) {
        writeAll(channel, encode(event));
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(file);
  }

  private static void syncFolder(Path file) throws IOException {
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException e) {
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        throw e;
      }
      // a platform on which folders cannot be opened syncs them itself
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private static ByteBuffer encode(RunEvent event) {
    return framed(Documents.write(event));
  }

  private static ByteBuffer framed(byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .putInt(payload.length)
        .putInt(crc(payload))
        .put(payload)
        .flip();
  }

  @Override
  public void append(RunEvent event, Wait wait, Runnable then) {
    Entry entry = new Entry(encode(event), wait, then);
    synchronized (pending) {
      if (closed) {
        return;
      }
      pending.add(entry);
      pending.notifyAll();
    }
  }

  /** When it is cut, what stays then, and what is done before, which gives what is done after. */
  private record Cut(long limit, Predicate<RunEvent> keep, Supplier<Runnable> before) {}

  private volatile Cut cut = new Cut(Long.MAX_VALUE, event -> true, () -> () -> {});

  /**
   * Cuts it whenever it has grown beyond a limit, and to twice what the last cut left.
   *
   * @param keep tells which events stay on record
   * @param before makes what the others say durable elsewhere; gives what is done once they are
   *     gone
   */
  void cutBeyond(long limit, Predicate<RunEvent> keep, Supplier<Runnable> before) {
    cut = new Cut(limit, keep, before);
  }

  /** Gives the size from which it is worth to be cut again. */
  private long cut(Cut how) throws IOException {
    Path temporary = file.resolveSibling("journal.new");
    Runnable after;
    try {
      after = how.before().get();
      copy(temporary, how.keep());
    } catch (IOException | RuntimeException e) {
      LOG.warn("Journal {} could not be cut; it goes on growing", file, e);
      Files.deleteIfExists(temporary);
      return channel.size() + how.limit();
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(file);
    FileChannel old = channel;
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    channel.position(channel.size());
    old.close();
    after.run();
    return Math.max(how.limit(), 2 * channel.size());
  }

  private void copy(Path to, Predicate<RunEvent> keep) throws IOException {
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long position = 0;
      while (position < from.size()) {
        byte[] payload = record(from, position);
        if (payload == null) {
          throw new IOException("found byte " + position + " damaged");
        }
        if (keep.test(Documents.read(payload, RunEvent.class, "journal " + file))) {
          writeAll(out, framed(payload));
        }
        position += HEADER + payload.length;
      }
      out.force(true);
    }
  }

  private void write() {
    long limit = 0;
    try {
      for (List<Entry> batch = take(); !batch.isEmpty(); batch = take()) {
        int bytes = batch.stream().mapToInt(entry -> entry.bytes().remaining()).sum();
        ByteBuffer all = ByteBuffer.allocate(bytes);
        batch.forEach(entry -> all.put(entry.bytes()));
        writeAll(channel, all.flip());
        if (batch.stream().anyMatch(entry -> entry.until() == Wait.FOR_DISK)) {
          channel.force(false);
        }
        batch.forEach(FileJournal::proceed);
        limit = Math.max(limit, cut.limit());
        if (channel.size() > limit) {
          limit = cut(cut);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      // without this thread runs would wait for ever
      synchronized (pending) {
        closed = true;
        pending.clear();
      }
      onFailure.accept(
          new StorageException(
              "Cannot put runs on record in %s: found %s, expected to write (make room, then start again: the runs are resumed)"
                  .formatted(file, e),
              e));
    }
  }

  private static void proceed(Entry entry) {
    try {
      entry.then().run();
    } catch (RuntimeException e) {
      LOG.error("What follows an event of a run failed", e);
    }
  }

  private List<Entry> take() {
    synchronized (pending) {
      while (pending.isEmpty() && !closed) {
        try {
          pending.wait();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      List<Entry> first = pending.subList(0, fitting(BATCH));
      List<Entry> batch = new ArrayList<>(first);
      first.clear();
      return batch;
    }
  }

  /** How many of those that wait have no more bytes than that together; one has, at least. */
  private int fitting(long most) {
    long bytes = 0;
    int count = 0;
    while (count < pending.size()) {
      bytes += pending.get(count).bytes().remaining();
      if (count > 0 && bytes > most) {
        break;
      }
      count++;
    }
    return count;
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() {
    synchronized (pending) {
      closed = true;
      pending.notifyAll();
    }
    if (Thread.currentThread() != writer) {
      awaitWriter();
    }
    try {
      channel.close();
      lock.close();
      lockFile.close();
    } catch (IOException e) {
      throw new StorageException(
          "Cannot close journal %s: found %s, expected nothing left to do (check the disk)"
              .formatted(file, e),
          e);
    }
  }

  /** An interrupted caller gives the home back as well. */
  private void awaitWriter() {
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
