package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches on disk between two positions: up to where they are durable, and up to where the store
 * has them. The backlog guards the two; one thread appends, another one reads.
 */
final class Spool implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  private final SpoolFolder folder;
  private final SpoolWriter writer;
  private final SpoolReader reader;
  private final Cursor cursor;
  private SpoolPosition durable;
  private SpoolPosition sent;

  private Spool(
      SpoolFolder folder,
      long limit,
      Consumer<? super SpoolException> problems,
      SpoolPosition sent,
      SpoolPosition durable) {
    this.folder = folder;
    this.writer = new SpoolWriter(folder, limit);
    this.reader = new SpoolReader(folder, problems);
    this.cursor = new Cursor(folder.path());
    this.sent = sent;
    this.durable = durable;
  }

  /** This process's spool, which is empty. */
  static Spool create(Path parent, long limit, Consumer<? super SpoolException> problems)
      throws IOException {
    SpoolPosition begin = SpoolPosition.beginOf(1);
    return new Spool(SpoolFolder.create(parent), limit, problems, begin, begin);
  }

  /** The spools that dead processes left in a folder, the oldest first. */
  static List<Spool> adopt(Path parent, Consumer<? super SpoolException> problems)
      throws IOException {
    List<Path> byAge = new ArrayList<>();
    Path real = Files.createDirectories(parent).toRealPath();
    try (DirectoryStream<Path> locks = Files.newDirectoryStream(real, "*" + SpoolFolder.LOCK)) {
      locks.forEach(byAge::add);
    }
    byAge.sort(null);
    List<Spool> adopted = new ArrayList<>();
    for (Path lock : byAge) {
      try {
        Optional<SpoolFolder> folder = SpoolFolder.adopt(lock);
        if (folder.isPresent()) {
          adopt(folder.get(), problems).ifPresent(adopted::add);
        }
      } catch (IOException e) {
        // one that cannot be read does not keep this process from its work
        problems.accept(SpoolException.unreadable(lock, e));
      }
    }
    return adopted;
  }

  private static Optional<Spool> adopt(
      SpoolFolder folder, Consumer<? super SpoolException> problems) throws IOException {
    List<Long> segments = folder.segments();
    for (long segment : segments) {
      Path file = folder.segment(segment);
      Optional<String> other = RecordHeader.otherVersion(SpoolReader.firstLine(file));
      if (other.isPresent()) {
        problems.accept(SpoolException.version(file, other.get()));
        folder.close();
        return Optional.empty();
      }
    }
    if (segments.isEmpty()) {
      folder.remove();
      folder.close();
      return Optional.empty();
    }
    long first = segments.get(0);
    long last = segments.get(segments.size() - 1);
    long end = SpoolScan.cutTornTail(folder.segment(last));
    SpoolPosition begin = SpoolPosition.beginOf(first);
    SpoolPosition sent =
        new Cursor(folder.path()).read().filter(at -> at.compareTo(begin) > 0).orElse(begin);
    LOG.info(
        "A process ended before what it logged was sent; {} bytes in spool {} are sent now",
        folder.bytes(),
        folder.path());
    return Optional.of(
        new Spool(folder, Long.MAX_VALUE, problems, sent, new SpoolPosition(last, end)));
  }

  Path path() {
    return folder.path();
  }

  SpoolWriter writer() {
    return writer;
  }

  /** Where the next batch begins that the store does not have. */
  SpoolPosition sent() {
    return sent;
  }

  SpoolPosition durable() {
    return durable;
  }

  Batch read(SpoolPosition from, SpoolPosition end) throws IOException {
    return reader.read(this, from, end);
  }

  boolean isDrained() {
    return sent.compareTo(durable) >= 0;
  }

  void setDurable(SpoolPosition end) {
    durable = end;
  }

  /** Notes that the store has everything up to a position. */
  void setSent(SpoolPosition end) {
    long before = sent.segment();
    sent = end;
    try {
      cursor.set(end);
      for (long segment = before; segment < end.segment(); segment++) {
        folder.removeSegment(segment);
      }
    } catch (IOException e) {
      // the store has it all the same; if this process is killed, some is sent again
      LOG.warn("Cannot note in spool {} what was sent", folder.path(), e);
    }
  }

  /** Removes the folder when everything in it was sent, otherwise leaves it to the next one. */
  @Override
  public void close() throws IOException {
    try (folder) {
      reader.close();
      writer.close();
      cursor.close();
      if (isDrained()) {
        folder.remove();
      }
    }
  }
}
