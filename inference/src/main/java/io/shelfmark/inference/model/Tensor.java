package io.shelfmark.inference.model;

import java.nio.ByteBuffer;

/**
 * Floats and their shape, row by row, in native byte order. Not a copy: whoever passes one on gives
 * up its bytes.
 *
 * @param shape extent of each dimension, the slowest first
 * @param bytes the floats, four bytes each
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record Tensor(long[] shape, ByteBuffer bytes) {

  /** The value at a flat index. */
  public float at(int index) {
    return bytes.getFloat(index << 2);
  }

  /** The extent of one dimension. */
  public int extent(int dimension) {
    return Math.toIntExact(shape[dimension]);
  }
}
