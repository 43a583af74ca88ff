package io.shelfmark.inference.model;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a network put out: floats and their shape, the slowest dimension first. The floats lie in
 * native memory that the network lends until the tensor is closed, so that a run leaves no garbage
 * of their size. For one thread.
 */
public final class Tensor implements AutoCloseable {

  private final long[] shape;
  private final FloatBuffer floats;
  private @Nullable Runnable whenClosed;

  /** A tensor over the start of {@code floats}, neither of the two copied. */
  Tensor(long[] shape, FloatBuffer floats, Runnable whenClosed) {
    this.shape = shape;
    this.floats = floats;
    this.whenClosed = whenClosed;
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

  /** Gives the memory back; closing twice is harmless. */
  @Override
  public void close() {
    Runnable told = whenClosed;
    whenClosed = null;
    if (told != null) {
      told.run();
    }
  }
}
