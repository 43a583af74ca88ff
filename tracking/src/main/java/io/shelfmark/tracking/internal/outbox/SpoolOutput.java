package io.shelfmark.tracking.internal.outbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Bytes of one record as they grow; used again for the next one. For one thread. */
final class SpoolOutput {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Above this the bytes of a record are not kept for the next one. */
  private static final int KEPT = 16 << 20;

  private final Map<String, Integer> names = new HashMap<>();
  private byte[] bytes = new byte[8192];
  private int size;

  /** Begins a record, with room for a header before it. */
  void begin(int header) {
    names.clear();
    if (bytes.length > KEPT) {
      bytes = new byte[8192];
    }
    size = header;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  private void room(int count) {
    if (bytes.length - size < count) {
      long wanted = Math.max(2L * bytes.length, (long) size + count);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }

  void writeByte(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  /** Seven bits a byte, the lowest first; small numbers take few bytes. */
  void writeUnsigned(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** As unsigned, with the sign in the lowest bit. */
  void writeSigned(long value) {
    writeUnsigned((value << 1) ^ (value >> 63));
  }

  void writeDouble(double value) {
    room(8);
    LONG.set(bytes, size, Double.doubleToRawLongBits(value));
    size += 8;
  }

  /** One byte a character where that is enough, otherwise two: any text comes back as it was. */
  void writeText(String text) {
    boolean narrow = isNarrow(text);
    writeUnsigned(((long) text.length() << 1) | (narrow ? 0 : 1));
    if (narrow) {
      writeBytes(text.getBytes(ISO_8859_1));
    } else {
      room(2 * text.length());
      for (int i = 0; i < text.length(); i++) {
        bytes[size++] = (byte) (text.charAt(i) >> 8);
        bytes[size++] = (byte) text.charAt(i);
      }
    }
  }

  /** A text that occurs many times in a record: later times it is a number. */
  void writeName(String name) {
    Integer known = names.putIfAbsent(name, names.size() + 1);
    if (known == null) {
      writeUnsigned(0);
      writeText(name);
    } else {
      writeUnsigned(known);
    }
  }

  /** A time after another one. Whole milliseconds take three bytes as a rule. */
  void writeTime(Instant time, Instant previous) {
    writeSigned(time.getEpochSecond() - previous.getEpochSecond());
    long nano = time.getNano();
    boolean isWhole = nano % 1_000_000 == 0;
    writeUnsigned(isWhole ? 2 * (nano / 1_000_000) : 2 * nano + 1);
  }

  private void writeBytes(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  private static boolean isNarrow(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return false;
      }
    }
    return true;
  }
}
