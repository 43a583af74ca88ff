package io.shelfmark.storage;

/**
 * A part of a blob, in bytes.
 *
 * @param offset of the first byte, from 0
 * @param length how many, 1 or more
 */
public record ByteRange(long offset, long length) {

  /**
   * @throws IllegalArgumentException when the offset is negative or the length less than 1
   */
  public ByteRange {
    if (offset < 0 || length < 1) {
      throw new IllegalArgumentException(
          "Cannot use byte range %d+%d: expected an offset of 0 or more and a length of 1 or more"
              .formatted(offset, length));
    }
  }
}
