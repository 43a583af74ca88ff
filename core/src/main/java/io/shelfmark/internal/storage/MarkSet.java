package io.shelfmark.internal.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.Digest;
import java.util.Arrays;

/** A set of 64-bit marks in one array by open addressing: 8 to 16 bytes an element. Thread-safe. */
public final class MarkSet {

  /** Stands for itself beside the array, in which it means a free place. */
  private static final long FREE = 0;

  private long[] places = new long[1024];
  private int size;
  private boolean hasFree;

  /** An empty set. */
  public MarkSet() {}

  /** 64 bits that stand for a key in a set; two keys in one place are taken for one. */
  public static long mark(BlobKey key) {
    String value = key.value();
    int name = value.lastIndexOf('/') + 1;
    if (value.startsWith("blobs/sha256/") && value.length() - name == 64) {
      return Long.parseUnsignedLong(value, name, name + 16, 16);
    }
    return mark(Digest.of(value.getBytes(UTF_8)));
  }

  /** 64 bits that stand for content, the same as for its key. */
  public static long mark(Digest digest) {
    return Long.parseUnsignedLong(digest.hex(), 0, 16, 16);
  }

  /** False when it was there already. */
  public synchronized boolean add(long mark) {
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

  /** Whether it was added. */
  public synchronized boolean contains(long mark) {
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
