package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches to a spool's files. Each is one record, synced before the next one: of a bad
 * record only the last one of the last file can be the rest of an unfinished write. For the
 * writer's thread; its spool closes it.
 */
final class SpoolWriter implements AutoCloseable {

  private final SpoolFolder folder;
  private final long limit;
  private final long segmentBytes;
  private final SpoolOutput out = new SpoolOutput();

  private @Nullable FileChannel channel;
  private long segment;
  private long end;

  /** Whether something behind {@link #end} may have been written by an append that failed. */
  private boolean unclean;

  /** Bytes of the folder when a record found no place; until it shrinks there is none. */
  private long fullAt = Long.MAX_VALUE;

  SpoolWriter(SpoolFolder folder, long limit) {
    this.folder = folder;
    this.limit = limit;
    this.segmentBytes = Math.max(4096, Math.min(16L << 20, limit / 8));
  }

  /** Where a record ends that is durable now, or null if there is no room for it. */
  @Nullable SpoolPosition append(Batch batch) throws IOException {
    if (folder.bytes() >= fullAt) {
      return null;
    }
    out.begin(RecordHeader.BYTES);
    WriteCodec.encode(batch.writes(), out);
    RecordHeader.put(out.bytes(), out.size(), batch.end());
    // a record that is longer than the limit goes into an empty spool, or it would never go
    if (folder.bytes() > 0 && folder.bytes() + out.size() > limit) {
      fullAt = folder.bytes();
      return null;
    }
    fullAt = Long.MAX_VALUE;
    FileChannel file = open();
    unclean = true;
    writeFully(file, ByteBuffer.wrap(out.bytes(), 0, out.size()), end);
    file.force(false);
    unclean = false;
    end += out.size();
    folder.grewBy(out.size());
    return new SpoolPosition(segment, end);
  }

  private FileChannel open() throws IOException {
    if (channel != null && end < segmentBytes) {
      if (unclean) {
        channel.truncate(end);
      }
      return channel;
    }
    seal();
    Path path = folder.segment(segment + 1);
    FileChannel next =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      writeFully(next, RecordHeader.firstLine(), 0);
      next.force(true);
      syncFolder();
    } catch (IOException e) {
      next.close();
      throw e;
    }
    channel = next;
    segment++;
    end = RecordHeader.FIRST;
    folder.grewBy(end);
    return next;
  }

  /** A file's name is durable when its folder is. Windows has no such call and needs none. */
  private void syncFolder() throws IOException {
    if (folder.path().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel directory = FileChannel.open(folder.path(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
  }

  /** Ends the current file without a rest behind its last record. */
  private void seal() throws IOException {
    if (channel != null) {
      if (unclean) {
        channel.truncate(end);
        channel.force(false);
        unclean = false;
      }
      channel.close();
      channel = null;
    }
  }

  /** Removes the file that is written, when everything in it was sent. */
  void trim() throws IOException {
    if (channel != null) {
      seal();
      folder.removeSegment(segment);
    }
  }

  @Override
  public void close() throws IOException {
    seal();
  }
}
