package io.shelfmark.internal.gc;

import java.util.Arrays;

/** A set of 64-bit marks in one array by open addressing: 8 to 16 bytes an element. Thread-safe. */
final class MarkSet {

  /** Stands for itself beside the array, in which it means a free place. */
  private static final long FREE = 0;

  private long[] places = new long[1024];
  private int size;
  private boolean hasFree;

  /** False when it was there already. */
  synchronized boolean add(long mark) {
    if (mark == FREE) {
      boolean added = !hasFree;
      hasFree = true;
      return added;
    }
    int place = place(mark);
    if (places[place] == mark) {
      return false;
    }
    places[place] = mark;
    if (++size * 3L > places.length * 2L) {
      long[] old = places;
      places = new long[Math.multiplyExact(old.length, 2)];
      Arrays.stream(old).filter(kept -> kept != FREE).forEach(kept -> places[place(kept)] = kept);
    }
    return true;
  }

  synchronized boolean contains(long mark) {
    return mark == FREE ? hasFree : places[place(mark)] == mark;
  }

  /** Where the mark is, or the free place where it would be. */
  private int place(long mark) {
    // digests are uniform in every bit
    int place = (int) (mark ^ (mark >>> 32)) & (places.length - 1);
    while (places[place] != FREE && places[place] != mark) {
      place = (place + 1) & (places.length - 1);
    }
    return place;
  }
}
