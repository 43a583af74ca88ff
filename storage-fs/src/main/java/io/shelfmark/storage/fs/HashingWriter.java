package io.shelfmark.storage.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Copies long content while another thread hashes it, and a third one keeps the disk busy: without
 * it the kernel would gather gigabytes before it begins to write. Thread-safe; its owner closes it.
 */
final class HashingWriter implements AutoCloseable {

  private static final int BLOCK = 1 << 20;

  /** How many blocks are written between two requests to put them on the disk. */
  private static final int FLUSH_EVERY = 32;

  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "shelfmark-fs-hash");
            thread.setDaemon(true);
            return thread;
          });

  /** Copies the rest of a stream; the calculation is complete when this returns. */
  long copy(InputStream stream, FileChannel channel, MessageDigest calculation) throws IOException {
    byte[][] blocks = {new byte[BLOCK], new byte[BLOCK]};
    long size = 0;
    @Nullable Future<?> hashed = null;
    @Nullable Future<?> flushed = null;
    try {
      for (int turn = 0; ; turn++) {
        byte[] block = blocks[turn % 2];
        int read = fill(stream, block);
        if (read == 0) {
          return size;
        }
        // one calculation, in order: the block before is done with before this one begins
        join(hashed);
        hashed = executor.submit(() -> calculation.update(block, 0, read));
        ContentCopy.writeAll(channel, ByteBuffer.wrap(block, 0, read));
        size += read;
        if (turn % FLUSH_EVERY == FLUSH_EVERY - 1 && (flushed == null || flushed.isDone())) {
          join(flushed);
          flushed = executor.submit(() -> force(channel));
        }
      }
    } finally {
      join(hashed);
      join(flushed);
    }
  }

  private static int fill(InputStream stream, byte[] block) {
    int filled = 0;
    while (filled < block.length) {
      int read = ContentCopy.read(stream, block, filled, block.length - filled);
      if (read < 0) {
        break;
      }
      filled += read;
    }
    return filled;
  }

  private static Void force(FileChannel channel) throws IOException {
    channel.force(false);
    return null;
  }

  private static void join(@Nullable Future<?> task) throws IOException {
    if (task == null) {
      return;
    }
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while content was written", e);
    }
  }

  @Override
  public void close() {
    executor.shutdown();
  }
}
