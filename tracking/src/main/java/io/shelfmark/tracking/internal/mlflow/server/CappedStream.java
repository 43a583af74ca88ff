package io.shelfmark.tracking.internal.mlflow.server;

import io.shelfmark.tracking.internal.mlflow.wire.ErrorCode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that may have so many bytes; one more and reading it fails, so it is never stored. */
final class CappedStream extends FilterInputStream {

  private final long limit;
  private long read;

  CappedStream(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  static HttpRefusal tooLong(long limit) {
    return new HttpRefusal(
        HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
        ErrorCode.INVALID_PARAMETER_VALUE,
        "Cannot store artifact: expected at most %d bytes".formatted(limit));
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    int count;
    try {
      count = super.read(buffer, offset, length);
    } catch (IOException e) {
      // the store would take it for a failure of its own
      throw new HttpRefusal(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "Cannot store artifact: the upload broke off after %d bytes".formatted(read));
    }
    count(Math.max(0, count));
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int bytes) {
    read += bytes;
    if (read > limit) {
      throw tooLong(limit);
    }
  }
}
