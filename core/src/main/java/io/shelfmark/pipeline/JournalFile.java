package io.shelfmark.pipeline;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of events, each with its length (4 bytes), the CRC-32C of its bytes (4 bytes), and the
 * bytes, which are JSON; then zeros, written ahead so that most events do not change the file's
 * length, whose syncing costs a third more. Reading ends at the zeros, or at the first record that
 * is torn or damaged: what follows is set aside, and was of no effect unless the disk lost it. For
 * one thread at a time, whichever; an interrupt of it closes nothing.
 */
final class JournalFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);
  private static final int HEADER = 8;
  private static final int LONGEST = 256 << 20;

  /** Zeros that are written ahead at once. */
  private static final int AHEAD = 256 << 10;

  private final Path file;

  /** Where it is written: not by a channel, which an interrupt of the writing thread closes. */
  private RandomAccessFile out;

  /** By which it is synced, for the same reason; syncing is on the calling thread. */
  private AsynchronousFileChannel disk;

  /** Where the events end, and where the zeros do. */
  private long size;

  private long length;

  private JournalFile(Path file) throws IOException {
    this.file = file;
    this.out = new RandomAccessFile(file.toFile(), "rw");
    this.disk = AsynchronousFileChannel.open(file, StandardOpenOption.WRITE);
    this.size = out.length();
    this.length = size;
    out.seek(size);
  }

  /** Opens it at its end, with the given events in it and no other. */
  static JournalFile openWith(Path file, List<RunEvent> events) throws IOException {
    Path temporary = file.resolveSibling("journal.new");
    try (FileChannel channel = create(temporary)) {
      for (RunEvent event : events) {
        writeAll(channel, encode(event));
      }
      channel.force(true);
    }
    replace(file, temporary);
    return new JournalFile(file);
  }

  /** The events in it; none when there is none. What is damaged is set aside. */
  static List<RunEvent> read(Path file) throws IOException {
    List<RunEvent> events = new ArrayList<>();
    if (!Files.exists(file)) {
      return events;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long position = 0;
      while (position < channel.size()) {
        byte[] payload = record(channel, position);
        if (payload == null && isZero(channel, position)) {
          break;
        }
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

  private static boolean isZero(FileChannel channel, long from) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(AHEAD);
    long position = from;
    while (channel.read(rest.clear(), position) > 0) {
      int read = rest.position();
      if (!rest.flip().equals(ByteBuffer.allocate(read))) {
        return false;
      }
      position += read;
    }
    return true;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** An event as it is written. */
  static ByteBuffer encode(RunEvent event) {
    return framed(Documents.write(event));
  }

  private static ByteBuffer framed(byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .putInt(payload.length)
        .putInt(crc(payload))
        .put(payload)
        .flip();
  }

  /** Writes events as they are encoded, one after the other. */
  void write(Collection<ByteBuffer> encoded) throws IOException {
    int bytes = encoded.stream().mapToInt(ByteBuffer::remaining).sum();
    boolean grows = size + bytes > length;
    ByteBuffer all = ByteBuffer.allocate(grows ? bytes + AHEAD : bytes);
    encoded.forEach(all::put);
    out.write(all.array());
    size += bytes;
    if (grows) {
      length = size + AHEAD;
      out.seek(size);
    }
  }

  /** What has been written survives a power failure from now on. */
  void sync() throws IOException {
    disk.force(false);
  }

  long size() {
    return size;
  }

  /** Puts a copy of the events that stay in a file beside it, where nobody reads it. */
  Path copy(Predicate<RunEvent> keep) throws IOException {
    Path temporary = file.resolveSibling("journal.new");
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ);
        FileChannel to = create(temporary)) {
      long position = 0;
      while (position < size) {
        byte[] payload = record(from, position);
        if (payload == null) {
          throw new IOException("found byte " + position + " damaged");
        }
        if (keep.test(Documents.read(payload, RunEvent.class, "journal " + file))) {
          writeAll(to, framed(payload));
        }
        position += HEADER + payload.length;
      }
      to.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }

  /** Goes on in a copy, which takes its place. */
  void continueIn(Path copy) throws IOException {
    close(); // some platforms replace no file that is open
    replace(file, copy);
    JournalFile next = new JournalFile(file);
    out = next.out;
    disk = next.disk;
    size = next.size;
    length = next.length;
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Killed meanwhile, the one or the other is whole. */
  private static void replace(Path file, Path by) throws IOException {
    Files.move(by, file, StandardCopyOption.ATOMIC_MOVE);
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

  @Override
  public void close() throws IOException {
    try (RandomAccessFile writing = out) {
      disk.close();
    }
  }
}
