package io.shelfmark.tracking.internal.outbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands before a record's content: length (4 bytes), position (8), CRC-32C of the content
 * (4), CRC-32C of these sixteen bytes (4). That the header is checked alone lets a reader find the
 * next record after a damaged one.
 *
 * @param length of the content
 * @param position how many things its process had added up to the record's end
 * @param checksum of the content
 */
record RecordHeader(int length, long position, int checksum) {

  static final int VERSION = 1;
  private static final String NAME = "shelfmark-spool ";
  private static final byte[] FIRST_LINE = (NAME + VERSION + "\n").getBytes(US_ASCII);

  /** Bytes of a header. */
  static final int BYTES = 20;

  /** Where the first record of a file begins. */
  static final int FIRST = FIRST_LINE.length;

  /** The line that a file begins with. */
  static ByteBuffer firstLine() {
    return ByteBuffer.wrap(FIRST_LINE).asReadOnlyBuffer();
  }

  /** The version in a file's first line, when it is another one than this class reads. */
  static Optional<String> otherVersion(ByteBuffer start) {
    String line = US_ASCII.decode(start.duplicate()).toString();
    int end = line.indexOf('\n');
    // a first line without an end is a torn one
    return line.startsWith(NAME) && end > 0
        ? Optional.of(line.substring(NAME.length(), end))
            .filter(version -> !version.equals(Integer.toString(VERSION)))
        : Optional.empty();
  }

  /** Puts the header of the content that follows it into an array. */
  static void put(byte[] bytes, int size, long position) {
    int length = size - BYTES;
    ByteBuffer.wrap(bytes)
        .putInt(length)
        .putLong(position)
        .putInt(crc(ByteBuffer.wrap(bytes, BYTES, length)))
        .putInt(crc(ByteBuffer.wrap(bytes, 0, BYTES - 4)));
  }

  /** The header at a place of a buffer, if one is there. */
  static Optional<RecordHeader> read(ByteBuffer bytes, int at) {
    int length = bytes.getInt(at);
    if (length < 0 || bytes.getInt(at + BYTES - 4) != crc(bytes.slice(at, BYTES - 4))) {
      return Optional.empty();
    }
    return Optional.of(new RecordHeader(length, bytes.getLong(at + 4), bytes.getInt(at + 12)));
  }

  boolean matches(ByteBuffer content) {
    return crc(content.duplicate()) == checksum;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
