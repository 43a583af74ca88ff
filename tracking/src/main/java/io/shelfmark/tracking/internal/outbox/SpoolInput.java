package io.shelfmark.tracking.internal.outbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link SpoolOutput} wrote, and believes no length. For one thread. */
final class SpoolInput {

  private final ByteBuffer bytes;
  private final List<String> names = new ArrayList<>();

  SpoolInput(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  private void require(long count) throws IOException {
    if (count < 0 || count > bytes.remaining()) {
      throw new IOException("%d bytes, expected %d".formatted(bytes.remaining(), count));
    }
  }

  int readByte() throws IOException {
    require(1);
    return bytes.get();
  }

  long readUnsigned() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number that does not end");
  }

  long readSigned() throws IOException {
    long value = readUnsigned();
    return (value >>> 1) ^ -(value & 1);
  }

  /** How many elements follow, each of which takes a byte at least. */
  int readCount() throws IOException {
    long count = readUnsigned();
    require(count);
    return (int) count;
  }

  double readDouble() throws IOException {
    require(8);
    return Double.longBitsToDouble(bytes.getLong());
  }

  String readText() throws IOException {
    long head = readUnsigned();
    long length = head >>> 1;
    require(length);
    if ((head & 1) == 0) {
      byte[] narrow = new byte[(int) length];
      bytes.get(narrow);
      return new String(narrow, ISO_8859_1);
    }
    require(2 * length);
    char[] wide = new char[(int) length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = bytes.getChar();
    }
    return new String(wide);
  }

  String readName() throws IOException {
    long known = readUnsigned();
    if (known == 0) {
      String name = readText();
      names.add(name);
      return name;
    }
    if (known < 0 || known > names.size()) {
      throw new IOException("name %d of %d".formatted(known, names.size()));
    }
    return names.get((int) known - 1);
  }

  Instant readTime(Instant previous) throws IOException {
    long seconds = previous.getEpochSecond() + readSigned();
    long rest = readUnsigned();
    long nano = (rest & 1) == 0 ? (rest >>> 1) * 1_000_000 : rest >>> 1;
    try {
      return Instant.ofEpochSecond(seconds, nano);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IOException("no time: " + seconds + " s, " + nano + " ns", e);
    }
  }
}
