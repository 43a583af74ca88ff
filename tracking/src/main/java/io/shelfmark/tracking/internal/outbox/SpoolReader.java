package io.shelfmark.tracking.internal.outbox;

import io.shelfmark.tracking.store.RunWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a spool in their order, many small ones at once. What is damaged is told of
 * and left out. For the sender's thread; its spool closes it.
 */
final class SpoolReader implements AutoCloseable {

  /** Records are put together up to so many bytes; 75,000 points or so. */
  private static final long AT_ONCE = 1 << 20;

  private final SpoolFolder folder;
  private final Consumer<? super SpoolException> problems;
  private @Nullable FileChannel channel;
  private long opened;

  SpoolReader(SpoolFolder folder, Consumer<? super SpoolException> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /**
   * What follows a position.
   *
   * @param end up to where the spool is durable
   * @return a batch that ends behind the position; without writes if only damage was there
   */
  Batch read(Spool spool, SpoolPosition from, SpoolPosition end) throws IOException {
    List<RunWrite> writes = new ArrayList<>();
    SpoolPosition at = from;
    long last = 0;
    long bytes = 0;
    while (at.compareTo(end) < 0 && bytes < AT_ONCE) {
      FileChannel file = open(at.segment());
      long limit = file == null || at.segment() < end.segment() ? size(at.segment()) : end.offset();
      if (at.offset() >= limit || file == null) {
        at = SpoolPosition.beginOf(at.segment() + 1);
        continue;
      }
      Optional<RecordHeader> header = record(file, at.offset(), limit, writes);
      if (header.isPresent()) {
        int length = RecordHeader.BYTES + header.get().length();
        last = header.get().position();
        bytes += length;
        at = new SpoolPosition(at.segment(), at.offset() + length);
      } else if (writes.isEmpty()) {
        // a batch of its own, which is noted at once: the damage is told of once
        return Batch.stored(List.of(), 0, spool, skip(at, limit));
      } else {
        break;
      }
    }
    return Batch.stored(writes, last, spool, at);
  }

  private static Optional<RecordHeader> record(
      FileChannel file, long offset, long limit, List<RunWrite> writes) throws IOException {
    if (limit - offset < RecordHeader.BYTES) {
      return Optional.empty();
    }
    Optional<RecordHeader> header =
        RecordHeader.read(readFully(file, offset, RecordHeader.BYTES), 0);
    if (header.isEmpty() || header.get().length() > limit - offset - RecordHeader.BYTES) {
      return Optional.empty();
    }
    ByteBuffer content = readFully(file, offset + RecordHeader.BYTES, header.get().length());
    if (!header.get().matches(content)) {
      return Optional.empty();
    }
    int before = writes.size();
    try {
      WriteCodec.decode(new SpoolInput(content), writes);
      return header;
    } catch (IOException e) {
      // whole and yet not understood, which is as good as damaged
      writes.subList(before, writes.size()).clear();
      return Optional.empty();
    }
  }

  private static ByteBuffer readFully(FileChannel file, long offset, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
      // on
    }
    // what a file lacks at its end is zeros, which no checksum matches
    return bytes.rewind();
  }

  /** Leaves damage behind, and tells of it. */
  private SpoolPosition skip(SpoolPosition at, long limit) throws IOException {
    Path file = folder.segment(at.segment());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    bytes.limit((int) Math.min(bytes.limit(), limit));
    int next = SpoolScan.next(bytes, (int) at.offset() + 1).orElse((int) limit);
    problems.accept(
        SpoolException.damaged(
            file, at.offset(), next - at.offset(), folder.setAside(at.segment()), "other bytes"));
    return new SpoolPosition(at.segment(), next);
  }

  /** How a file begins, at most. */
  static ByteBuffer firstLine(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return readFully(channel, 0, (int) Math.min(64, channel.size()));
    }
  }

  private long size(long segment) throws IOException {
    try {
      return Files.size(folder.segment(segment));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private @Nullable FileChannel open(long segment) throws IOException {
    if (channel == null || opened != segment) {
      close();
      try {
        channel = FileChannel.open(folder.segment(segment), StandardOpenOption.READ);
        opened = segment;
      } catch (NoSuchFileException e) {
        return null;
      }
    }
    return channel;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
