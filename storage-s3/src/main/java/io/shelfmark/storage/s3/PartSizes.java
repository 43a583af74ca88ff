package io.shelfmark.storage.s3;

import java.util.OptionalLong;

/**
 * How long each part of an upload is, so that S3's 10,000 suffice. Content of known length has
 * equal parts; an upload of the same content has the same parts therefore, whoever goes on with it.
 * Of unknown length, parts double every 1,250; with parts of 8 MiB to begin with that takes 2.4
 * TiB.
 */
final class PartSizes {

  static final int MOST_PARTS = 10_000;

  private static final long MIB = 1 << 20;
  private static final int DOUBLE_EVERY = 1_250;

  /** Arrays have no more. */
  private static final long LARGEST = 1024 * MIB;

  private final long first;
  private final boolean growing;

  private PartSizes(long first, boolean growing) {
    this.first = first;
    this.growing = growing;
  }

  static PartSizes of(OptionalLong size, int partSize) {
    if (size.isEmpty()) {
      return new PartSizes(partSize, true);
    }
    long least = (size.getAsLong() + MOST_PARTS - 1) / MOST_PARTS;
    long rounded = (least + MIB - 1) / MIB * MIB;
    return new PartSizes(Math.min(LARGEST, Math.max(partSize, rounded)), false);
  }

  /** The length of a part, numbered from 1, in bytes. */
  int size(int number) {
    long doubled = first << (growing ? Math.min(20, (number - 1) / DOUBLE_EVERY) : 0);
    return (int) Math.min(LARGEST, doubled);
  }
}
