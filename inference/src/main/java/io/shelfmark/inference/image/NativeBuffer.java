package io.shelfmark.inference.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A block of native memory that grows when asked for more and is kept between photos, so that a
 * decoder at work neither allocates nor faults pages in. The owner closes it; its content is
 * undefined after growing. Not thread-safe.
 */
final class NativeBuffer implements AutoCloseable {

  private static final long GRAIN = 1 << 20;
  private static final AtomicLong ALIVE = new AtomicLong();

  private @Nullable BytePointer memory;
  private @Nullable ByteBuffer view;

  /** Bytes held by all buffers of this process that are not closed. */
  static long bytesAlive() {
    return ALIVE.get();
  }

  long capacity() {
    return memory == null ? 0 : memory.capacity();
  }

  /** At least {@code bytes} bytes. */
  BytePointer atLeast(long bytes) {
    BytePointer current = memory;
    if (current == null || current.capacity() < bytes) {
      close();
      long capacity = (Math.max(bytes, 1) + GRAIN - 1) / GRAIN * GRAIN;
      Pointer block = Pointer.malloc(capacity);
      if (block == null || block.isNull()) {
        throw new OutOfMemoryError(
            "Cannot allocate " + capacity + " bytes of native memory for a photo");
      }
      ALIVE.addAndGet(capacity);
      current = new BytePointer(block).capacity(capacity).limit(capacity);
      memory = current;
    }
    return current;
  }

  /** The whole block, little-endian; valid until it grows or is closed. */
  ByteBuffer view() {
    ByteBuffer current = view;
    if (current == null) {
      current = atLeast(1).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      view = current;
    }
    return current;
  }

  @Override
  public void close() {
    view = null;
    BytePointer current = memory;
    memory = null;
    if (current != null) {
      ALIVE.addAndGet(-current.capacity());
      Pointer.free(current);
    }
  }
}
