package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A number for each name, without the names: of them 128 bits of their SHA-256 are kept, by open
 * addressing, 36 to 72 bytes a name. They lie in 256 parts that grow one by one, since what grows
 * is there twice for a moment. Two names that agree in all those bits are taken for one; among a
 * billion names the chance that any two do is less than one in 10^20. Not thread-safe.
 */
final class LineIndex {

  /** What {@link #put} and {@link #get} answer for a name that has no number; never put. */
  static final long NONE = Long.MIN_VALUE;

  private static final int WORDS = 3;
  private static final int PART_BITS = 8;
  private static final int FIRST_PLACES = 16;

  private final MessageDigest digest = sha256();

  /** Two words of the name's digest and its number for each place; free when both words are 0. */
  private final long[][] parts = new long[1 << PART_BITS][WORDS * FIRST_PLACES];

  private final int[] sizes = new int[parts.length];
  private int size;

  /** Sets a name's number; answers the one that it had. */
  long put(String name, long number) {
    ByteBuffer key = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    long high = key.getLong();
    long low = key.getLong();
    int part = part(high);
    long[] places = parts[part];
    int place = place(places, high, low);
    boolean isNew = isFree(places, place);
    long before = isNew ? NONE : places[place + 2];
    set(places, place, high, low, number);
    if (isNew) {
      size++;
      if (++sizes[part] * 3L > places.length / WORDS * 2L) {
        parts[part] = larger(places);
      }
    }
    return before;
  }

  /** A name's number. */
  long get(String name) {
    ByteBuffer key = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    long high = key.getLong();
    long[] places = parts[part(high)];
    int place = place(places, high, key.getLong());
    return isFree(places, place) ? NONE : places[place + 2];
  }

  /** Other bits than those that tell where in its part a name is. */
  private static int part(long high) {
    return (int) (high >>> (Long.SIZE - PART_BITS));
  }

  /** How many names have a number. */
  int size() {
    return size;
  }

  private static long[] larger(long[] old) {
    long[] larger = new long[Math.multiplyExact(old.length, 2)];
    for (int i = 0; i < old.length; i += WORDS) {
      if (!isFree(old, i)) {
        set(larger, place(larger, old[i], old[i + 1]), old[i], old[i + 1], old[i + 2]);
      }
    }
    return larger;
  }

  private static void set(long[] places, int place, long high, long low, long number) {
    places[place] = high;
    places[place + 1] = low;
    places[place + 2] = number;
  }

  private static boolean isFree(long[] places, int place) {
    return places[place] == 0 && places[place + 1] == 0;
  }

  /** Where the name is, or the free place where it would be. */
  private static int place(long[] places, long high, long low) {
    int mask = places.length / WORDS - 1;
    int slot = (int) low & mask;
    while (!isFree(places, slot * WORDS)
        && (places[slot * WORDS] != high || places[slot * WORDS + 1] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot * WORDS;
  }

  /** 64 bits that stand for a text, uniform in every bit; never {@link #NONE}. */
  static long mark(String text) {
    long mark = ByteBuffer.wrap(sha256().digest(text.getBytes(UTF_8))).getLong();
    return mark == NONE ? 0 : mark;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
