package io.shelfmark.testing;

import java.io.InputStream;

/** Bytes that do not repeat within any power of two, as many as wanted, out of no memory. */
public final class PatternStream extends InputStream {

  private final long size;
  private long position;

  public PatternStream(long size) {
    this.size = size;
  }

  @Override
  public int read() {
    return position < size ? (int) (position++ % 251) : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, size - position);
    for (int i = 0; i < count; i++) {
      buffer[offset + i] = (byte) (position++ % 251);
    }
    return count == 0 ? -1 : count;
  }
}
