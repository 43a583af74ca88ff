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
  public int read() throws IOException {
    int value = super.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
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
