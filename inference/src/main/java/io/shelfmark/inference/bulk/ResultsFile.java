package io.shelfmark.inference.bulk;

import io.shelfmark.inference.bulk.OutcomeParser.Header;
import io.shelfmark.internal.FileReplacement;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of results that a run goes on with. Each outcome is one line, written by one call, so a
 * killed process leaves whole lines and at most one torn one at the end, which the next one cuts
 * off. Lines only ever come after those that are there; those that they supersede go when the run
 * is complete, by a new file in the old one's place.
 *
 * <p>One run at a time writes to a file: it holds a lock on another one beside it, {@code
 * NAME.lock}, which stays. (A lock on the file itself would go with any reader's close, and with
 * the file when a new one takes its place.) For one thread at a time.
 */
final class ResultsFile implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ResultsFile.class);

  /** A power failure costs the photos of at most this long: they are read again. */
  private static final long SYNC_NANOS = Duration.ofSeconds(5).toNanos();

  private final Path file;
  private final FileChannel lock;
  private final FileChannel channel;
  private final LineIndex marks = new LineIndex();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean superseded;
  private long synced = System.nanoTime();

  private ResultsFile(Path file, FileChannel lock, FileChannel channel) {
    this.file = file;
    this.lock = lock;
    this.channel = channel;
  }

  /**
   * Opens a file of results, a new one when there is none, and takes in what is on record.
   *
   * @param stopped that nothing will be claimed nor appended: what is on record does not matter
   * @throws ResultsException when another run writes to it, or a line of it is none of ours
   */
  static ResultsFile open(Path named, BooleanSupplier stopped) {
    Path file = named;
    @Nullable FileChannel lock = null;
    @Nullable FileChannel channel = null;
    try {
      if (Files.notExists(named)) {
        create(named);
      }
      // by a link and by its own name it is one file, with one lock, and the link stays one
      file = named.toRealPath();
      lock = lock(file);
      Files.deleteIfExists(beside(file, ".tmp"));
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      ResultsFile results = new ResultsFile(file, lock, channel);
      results.takeIn(stopped);
      lock = null;
      channel = null;
      return results;
    } catch (IOException e) {
      throw unusable(file, e);
    } finally {
      close(channel);
      close(lock);
    }
  }

  private static void create(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            beside(file, ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // told below: the other run is in this process
    } finally {
      if (held == null) {
        channel.close();
      }
    }
    if (held == null) {
      throw new ResultsException(
          "Cannot write results %s: found another run that writes to it, expected none (let it end, or name another file)"
              .formatted(file));
    }
    return channel;
  }

  private void takeIn(BooleanSupplier stopped) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      LineScanner lines = new LineScanner(in);
      while (lines.next()) {
        if (stopped.getAsBoolean()) {
          return;
        }
        Header header = ResultLines.header(file, lines);
        superseded |= marks.put(header.file(), header.mark()) != LineIndex.NONE;
      }
      ResultLines.requireTorn(file, lines);
      long torn = channel.size() - lines.offset();
      if (torn > 0) {
        LOG.warn("Results {} end with {} bytes of a torn line, which are cut off", file, torn);
        channel.truncate(lines.offset());
      }
      channel.position(lines.offset());
    }
  }

  /**
   * Whether a photo is to be read: it is not on record, or its content was another then, or another
   * reader read it. From then on it counts as on record.
   */
  boolean claim(BulkPhoto photo, String readBy) {
    long mark = OutcomeParser.mark(photo.bytes(), photo.modified(), readBy);
    long before = marks.put(photo.name(), mark);
    superseded |= before != LineIndex.NONE && before != mark;
    return before != mark;
  }

  /** Photos on record. */
  int size() {
    return marks.size();
  }

  /** Writes an outcome; a killed process does not lose it, nor does a lost machine after 5 s. */
  void append(BulkOutcome outcome) {
    try {
      line.reset();
      OutcomeJson.write(outcome, line);
      ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (System.nanoTime() - synced > SYNC_NANOS) {
        channel.force(false);
        synced = System.nanoTime();
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** Makes all lines durable and removes those that later ones supersede; nothing comes after. */
  void complete() {
    try {
      channel.force(true);
      if (superseded) {
        removeSuperseded();
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private void removeSuperseded() throws IOException {
    channel.close();
    // in the same index, whose marks have done their work: where each photo's last line is
    try (InputStream in = Files.newInputStream(file)) {
      LineScanner lines = new LineScanner(in);
      while (lines.next()) {
        marks.put(ResultLines.header(file, lines).file(), lines.place());
      }
    }
    try (FileReplacement rest = FileReplacement.of(file, beside(file, ".tmp"))) {
      try (InputStream in = Files.newInputStream(file);
          OutputStream out =
              new BufferedOutputStream(Files.newOutputStream(rest.unfinished()), 1 << 16)) {
        LineScanner lines = new LineScanner(in);
        while (lines.next()) {
          if (marks.get(ResultLines.header(file, lines).file()) == lines.place()) {
            out.write(lines.bytes(), lines.start(), lines.length());
          }
        }
      }
      rest.takePlace();
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static ResultsException unusable(Path file, IOException cause) {
    return new ResultsException(
        "Cannot write results %s: %s, expected a file that can be written (check the path and the room on the disk; a new run goes on with what is on record)"
            .formatted(file, cause),
        cause);
  }

  @Override
  public void close() {
    close(channel);
    close(lock);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // all that was written went through the channel unbuffered
        LOG.debug("A file of results did not close", e);
      }
    }
  }
}
