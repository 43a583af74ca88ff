package io.shelfmark.inference.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * A block of native memory that grows when asked for more and is kept between photos, so that a
 * decoder or an engine at work neither allocates nor faults pages in. Freed when it is closed and
 * never by the garbage collector: whoever makes one closes it, once nobody reads its views any
 * more. Its content is undefined after growing. Not thread-safe.
 */
public final class NativeBuffer implements AutoCloseable {

  private static final long GRAIN = 1 << 20;
  private static final AtomicLong ALIVE = new AtomicLong();

  private @Nullable BytePointer memory;
  private @Nullable ByteBuffer view;

  /** A buffer without memory yet. */
  public NativeBuffer() {}

  /** Bytes held by all buffers of this process that are not closed. */
  public static long bytesAlive() {
    return ALIVE.get();
  }

  /** Bytes that it holds: none when it is closed. */
  public long capacity() {
    return memory == null ? 0 : memory.capacity();
  }

  /** At least {@code bytes} bytes. */
  BytePointer atLeast(long bytes) {
    BytePointer current = memory;
    if (current == null || current.capacity() < bytes) {
      close();
      // JavaCPP takes its settings from there before its first use
      ImageNatives.ensureLoaded();
      long capacity = (Math.max(bytes, 1) + GRAIN - 1) / GRAIN * GRAIN;
      Pointer block = Pointer.malloc(capacity);
      if (block == null || block.isNull()) {
        throw new OutOfMemoryError(
            "Cannot allocate " + capacity + " bytes of native memory for photos");
      }
      ALIVE.addAndGet(capacity);
      current = new BytePointer(block).capacity(capacity).limit(capacity);
      memory = current;
    }
    return current;
  }

  /** The whole block, little-endian: one view, valid until the block grows or is closed. */
  public ByteBuffer view() {
    ByteBuffer current = view;
    if (current == null) {
      current = atLeast(1).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      view = current;
    }
    return current;
  }

  /** The same with a block of at least {@code bytes} bytes. */
  public ByteBuffer view(long bytes) {
    atLeast(bytes);
    return view();
  }

  /** Frees the memory; the buffer is empty then and may be used again. */
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
