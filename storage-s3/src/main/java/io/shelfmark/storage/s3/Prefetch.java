package io.shelfmark.storage.s3;

import io.shelfmark.storage.ETag;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A part of an object that is fetched into memory ahead of its reader. Its memory is given back
 * once, by whoever is last to need it. Thread-safe.
 */
final class Prefetch {

  private final Parts parts;
  private final int length;
  private final Future<Block> fetched;

  // the lock of this object protects what follows
  private boolean running;
  private boolean unwanted;
  private boolean released;

  /** Set by the thread that fetches, before it takes the lock to say that it has finished. */
  private volatile byte @Nullable [] array;

  /** Begins to fetch; memory for it was acquired. */
  Prefetch(Parts parts, Bucket bucket, String path, ETag state, long position, int length) {
    this.parts = parts;
    this.length = length;
    FutureTask<Block> task = new FutureTask<>(() -> fetch(bucket, path, state, position));
    this.fetched = task;
    try {
      parts.executor().execute(task);
    } catch (RejectedExecutionException e) {
      release();
      throw new IllegalStateException("the store of " + path + " is closed", e);
    }
  }

  private Block fetch(Bucket bucket, String path, ETag state, long position) throws IOException {
    begin();
    byte[] bytes = parts.budget().array(length);
    array = bytes;
    try (InputStream stream =
        new ObjectStream(bucket, path, state, position, position + length, null)) {
      for (int filled = 0; filled < length; ) {
        requireWanted();
        int read = stream.read(bytes, filled, length - filled);
        if (read < 0) {
          throw new EOFException(path + " ended within " + length + " bytes from " + position);
        }
        filled += read;
      }
      return new Block(bytes, length);
    } finally {
      finished();
    }
  }

  private synchronized void begin() {
    requireWanted();
    running = true;
  }

  private synchronized void requireWanted() {
    if (unwanted) {
      throw new CancellationException("the reader closed its stream");
    }
  }

  private synchronized void finished() {
    running = false;
    if (unwanted) {
      release();
    }
  }

  /** Waits for the part; {@link #release} gives its memory back afterwards. */
  Block await() throws IOException {
    try {
      return fetched.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? new IOException(cause.getMessage(), cause)
          : new IOException(e.getCause());
    } catch (CancellationException e) {
      throw new IOException("the store is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while reading").initCause(e);
    }
  }

  /** Nobody needs the part any more, or it has been read. */
  synchronized void release() {
    unwanted = true;
    if (!running && !released) {
      released = true;
      byte[] fetchedInto = array;
      if (fetchedInto != null) {
        parts.budget().recycle(fetchedInto);
      }
      parts.budget().release(length);
    }
  }
}
