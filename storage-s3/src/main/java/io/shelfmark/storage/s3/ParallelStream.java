package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A long part of one state of an object, fetched in parts ahead of its reader as far as there is
 * memory for it; without any, it is read like a short one. Not thread-safe; the caller closes it.
 */
final class ParallelStream extends InputStream {

  private final Bucket bucket;
  private final Parts parts;
  private final String path;
  private final ETag state;
  private final int partSize;
  private final int mostAhead;
  private final long end;
  private final Deque<Prefetch> ahead = new ArrayDeque<>();

  /** Beyond the last byte that is being read or fetched. */
  private long scheduled;

  private InputStream current;
  private @Nullable Prefetch currentPart;
  private boolean closed;

  /**
   * @param first the beginning, from a position
   * @param scheduled where the beginning ends
   */
  ParallelStream(
      Bucket bucket,
      Parts parts,
      S3Settings settings,
      String path,
      ETag state,
      InputStream first,
      long scheduled,
      long end) {
    this.bucket = bucket;
    this.parts = parts;
    this.path = path;
    this.state = state;
    this.partSize = settings.partSize();
    this.mostAhead = settings.threads();
    this.current = first;
    this.scheduled = scheduled;
    this.end = end;
    fetchAhead();
  }

  private void fetchAhead() {
    while (scheduled < end && ahead.size() < mostAhead) {
      int length = (int) Math.min(partSize, end - scheduled);
      if (!parts.budget().tryAcquire(length)) {
        return;
      }
      ahead.add(new Prefetch(parts, bucket, path, state, scheduled, length));
      scheduled += length;
    }
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
    int read;
    while ((read = current.read(buffer, offset, length)) < 0) {
      if (ahead.isEmpty() && scheduled == end) {
        return -1;
      }
      advance();
    }
    return read;
  }

  private void advance() throws IOException {
    leave();
    Prefetch next = ahead.poll();
    if (next != null) {
      currentPart = next;
      current = next.await().open();
    } else {
      long partEnd = Math.min(end, scheduled + partSize);
      current = new ObjectStream(bucket, path, state, scheduled, partEnd, null);
      scheduled = partEnd;
    }
    fetchAhead();
  }

  private void leave() throws IOException {
    current.close();
    current = InputStream.nullInputStream();
    Prefetch part = currentPart;
    currentPart = null;
    if (part != null) {
      part.release();
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      ahead.forEach(Prefetch::release);
      ahead.clear();
      leave();
    }
  }
}
