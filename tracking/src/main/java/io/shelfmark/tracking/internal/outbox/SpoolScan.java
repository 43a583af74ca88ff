package io.shelfmark.tracking.internal.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds whole records in a file that may be damaged or torn. Stateless. */
final class SpoolScan {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolScan.class);

  private SpoolScan() {}

  /** Where the first whole record begins, at a place or behind it. */
  static OptionalInt next(ByteBuffer bytes, int from) {
    for (int at = from; at <= bytes.limit() - RecordHeader.BYTES; at++) {
      if (recordEnd(bytes, at).isPresent()) {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  private static OptionalInt recordEnd(ByteBuffer bytes, int at) {
    if (at > bytes.limit() - RecordHeader.BYTES) {
      return OptionalInt.empty();
    }
    Optional<RecordHeader> header = RecordHeader.read(bytes, at);
    int begin = at + RecordHeader.BYTES;
    if (header.isEmpty()
        || header.get().length() > bytes.limit() - begin
        || !header.get().matches(bytes.slice(begin, header.get().length()))) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(begin + header.get().length());
  }

  /**
   * Cuts off what an unfinished write left behind the last whole record of a spool's last file.
   *
   * @return how long the file is now
   */
  static long cutTornTail(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    int at = RecordHeader.FIRST;
    while (at < bytes.limit()) {
      OptionalInt end = recordEnd(bytes, at);
      if (end.isPresent()) {
        at = end.getAsInt();
        continue;
      }
      OptionalInt next = next(bytes, at + 1);
      if (next.isEmpty()) {
        LOG.warn(
            "The process that wrote spool {} ended in the middle of a record: cut off the {} bytes from byte {} on",
            file,
            bytes.limit() - at,
            at);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(at);
          channel.force(true);
        }
        return at;
      }
      // damage, not a tail: the reader tells of it
      at = next.getAsInt();
    }
    return bytes.limit();
  }
}
