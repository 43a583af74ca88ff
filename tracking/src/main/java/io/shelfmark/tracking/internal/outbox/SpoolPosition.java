package io.shelfmark.tracking.internal.outbox;

import java.util.Comparator;

/**
 * A place in a spool.
 *
 * @param segment number of the file, from 1
 * @param offset in bytes in that file
 */
record SpoolPosition(long segment, long offset) implements Comparable<SpoolPosition> {

  private static final Comparator<SpoolPosition> ORDER =
      Comparator.comparingLong(SpoolPosition::segment).thenComparingLong(SpoolPosition::offset);

  /** Where the records of a segment begin. */
  static SpoolPosition beginOf(long segment) {
    return new SpoolPosition(segment, RecordHeader.FIRST);
  }

  @Override
  public int compareTo(SpoolPosition other) {
    return ORDER.compare(this, other);
  }
}
