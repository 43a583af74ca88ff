package io.shelfmark.internal.archive;

import io.shelfmark.internal.storage.ForwardStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that gives as many bytes as it was allowed and fails beyond: a few kilobytes may unpack
 * to any length, headers included. For one thread.
 */
final class BudgetStream extends ForwardStream {

  private long left;

  BudgetStream(InputStream in) {
    super(in);
  }

  /** Allows so many bytes from here on. */
  void allow(long bytes) {
    left = bytes;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length > 0 && left <= 0) {
      throw new IOException("found more bytes than an archive of this version has");
    }
    int count = in.read(buffer, offset, (int) Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }
}
