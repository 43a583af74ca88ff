package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A part of one state of an object, read in order. When the connection breaks, the rest is asked
 * for again; when the object has another state by then, reading fails. Not thread-safe; the caller
 * closes it.
 */
final class ObjectStream extends InputStream {

  /** How often a connection may break without a byte in between. */
  private static final int MOST_BREAKS = 8;

  private final Bucket bucket;
  private final String path;
  private final ETag state;
  private final long end;
  private long position;
  private @Nullable InputStream body;
  private int breaks;
  private boolean closed;

  /**
   * @param position of the first byte
   * @param end beyond the last one
   * @param body what a request for the position has opened, if one has
   */
  ObjectStream(
      Bucket bucket, String path, ETag state, long position, long end, @Nullable InputStream body) {
    this.bucket = bucket;
    this.path = path;
    this.state = state;
    this.position = position;
    this.end = end;
    this.body = body;
  }

  /** A header that asks for bytes from a position to an end. */
  static String range(long position, long end) {
    return "bytes=" + position + "-" + (end - 1);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (length == 0) {
      return 0;
    }
    while (position < end) {
      InputStream current = body();
      try {
        int read = current.read(buffer, offset, (int) Math.min(length, end - position));
        if (read < 0) {
          throw new EOFException(
              "the connection ended at byte " + position + " of " + path + ", not at " + end);
        }
        position += read;
        breaks = 0;
        return read;
      } catch (IOException | SdkException e) {
        Bucket.abandon(current);
        body = null;
        if (++breaks > MOST_BREAKS || Thread.currentThread().isInterrupted()) {
          throw e instanceof IOException broken ? broken : new IOException(e);
        }
      }
    }
    return -1;
  }

  private InputStream body() throws IOException {
    InputStream current = body;
    if (current == null) {
      try {
        current = bucket.open(path, range(position, end), state).body();
      } catch (FailedRequest e) {
        throw broken(e);
      }
      body = current;
    }
    return current;
  }

  private IOException broken(FailedRequest e) {
    return switch (e.status()) {
      case 404, 412, 416 ->
          new IOException(
              "Cannot read %s on from byte %d: found another state than %s, expected it to last (open it again)"
                  .formatted(path, position, state),
              e.failure());
      default ->
          new IOException(
              "Cannot read %s on from byte %d: found %s, expected its bytes (try again)"
                  .formatted(path, position, e.failure().getMessage()),
              e.failure());
    };
  }

  @Override
  public void close() throws IOException {
    closed = true;
    InputStream current = body;
    body = null;
    if (current != null) {
      if (position < end) {
        Bucket.abandon(current);
      } else {
        current.close();
      }
    }
  }
}
