package io.shelfmark.inference.synthetic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks WOFF 1.0 fonts (W3C recommendation of 2012-12-13): zlib-packed tables of an ordinary sfnt
 * font.
 */
final class Woff {
  private static final int SIGNATURE = 0x774F4646;
  private static final int HEADER = 44;
  private static final int ENTRY = 20;

  private Woff() {}

  static boolean recognizes(byte[] file) {
    return file.length > HEADER && ByteBuffer.wrap(file).getInt() == SIGNATURE;
  }

  /** The sfnt font inside. */
  static byte[] unpack(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file);
    int tables = in.getShort(12) & 0xFFFF;
    ByteBuffer out = ByteBuffer.allocate(in.getInt(16) + 4 * tables);
    out.putInt(in.getInt(4)).putShort((short) tables);
    int power = Integer.highestOneBit(tables);
    out.putShort((short) (power * 16));
    out.putShort((short) Integer.numberOfTrailingZeros(power));
    out.putShort((short) ((tables - power) * 16));
    int offset = 12 + 16 * tables;
    for (int i = 0; i < tables; i++) {
      int entry = HEADER + ENTRY * i;
      int packed = in.getInt(entry + 8);
      int length = in.getInt(entry + 12);
      out.putInt(12 + 16 * i, in.getInt(entry));
      out.putInt(16 + 16 * i, in.getInt(entry + 16));
      out.putInt(20 + 16 * i, offset);
      out.putInt(24 + 16 * i, length);
      inflate(file, in.getInt(entry + 4), packed, out.array(), offset, length);
      offset += (length + 3) & ~3;
    }
    return java.util.Arrays.copyOf(out.array(), offset);
  }

  private static void inflate(byte[] from, int at, int packed, byte[] to, int offset, int length)
      throws IOException {
    if (packed == length) {
      System.arraycopy(from, at, to, offset, length);
      return;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(from, at, packed);
      int done = 0;
      while (done < length) {
        int read = inflater.inflate(to, offset + done, length - done);
        if (read == 0) {
          throw new IOException(
              "Cannot unpack font table: found %d bytes, expected %d".formatted(done, length));
        }
        done += read;
      }
    } catch (DataFormatException broken) {
      throw new IOException("Cannot unpack font table: " + broken.getMessage(), broken);
    } finally {
      inflater.end();
    }
  }
}
