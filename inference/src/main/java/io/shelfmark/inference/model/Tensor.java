package io.shelfmark.inference.model;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a network put out: floats and their shape, the slowest dimension first. The floats lie in
 * native memory that the network lends until the tensor is closed, so that a run leaves no garbage
 * of their size. For one thread.
 */
public final class Tensor implements AutoCloseable {

  private final long[] shape;
  private final ByteBuffer memory;
  private final FloatBuffer floats;
  private final Queue<ByteBuffer> lender;
  private @Nullable ByteBuffer lent;

  /**
   * A tensor over the start of {@code memory}, which goes back to {@code lender} when it is closed.
   */
  Tensor(long[] shape, ByteBuffer memory, Queue<ByteBuffer> lender) {
    this.shape = shape;
    this.memory = memory;
    this.floats = memory.asFloatBuffer();
    this.lender = lender;
    this.lent = memory;
  }

  /** All values, row by row, by absolute index. */
  public FloatBuffer floats() {
    return floats;
  }

  /** The value at a flat index. */
  public float at(int index) {
    return floats.get(index);
  }

  /** The extent of each dimension; not a copy. */
  long[] shape() {
    return shape;
  }

  /** The extent of one dimension. */
  public int extent(int dimension) {
    return Math.toIntExact(shape[dimension]);
  }

  ByteBuffer memory() {
    return memory;
  }

  /** Gives the memory back; closing twice is harmless. */
  @Override
  public void close() {
    ByteBuffer back = lent;
    lent = null;
    if (back != null) {
      lender.add(back);
    }
  }
}
