package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A number for each name, without the names: of them 128 bits of their SHA-256 are kept, in one
 * array by open addressing, 36 to 72 bytes a name. Two names that agree in all those bits are taken
 * for one; among a billion names the chance that any two do is less than one in 10^20. Not
 * thread-safe.
 */
final class LineIndex {

  /** What {@link #put} and {@link #get} answer for a name that has no number; never put. */
  static final long NONE = Long.MIN_VALUE;

  private static final int WORDS = 3;

  private final MessageDigest digest = sha256();

  /** Two words of the name's digest and its number for each place; free when both words are 0. */
  private long[] places = new long[WORDS * 1024];

  private int size;

  /** Sets a name's number; answers the one that it had. */
  long put(String name, long number) {
    ByteBuffer key = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    long high = key.getLong();
    long low = key.getLong();
    int place = place(places, high, low);
    long before = isFree(places, place) ? NONE : places[place + 2];
    set(places, place, high, low, number);
    if (before == NONE && ++size * 3L > places.length / WORDS * 2L) {
      grow();
    }
    return before;
  }

  /** A name's number. */
  long get(String name) {
    ByteBuffer key = ByteBuffer.wrap(digest.digest(name.getBytes(UTF_8)));
    int place = place(places, key.getLong(), key.getLong());
    return isFree(places, place) ? NONE : places[place + 2];
  }

  /** How many names have a number. */
  int size() {
    return size;
  }

  private void grow() {
    long[] old = places;
    long[] larger = new long[Math.multiplyExact(old.length, 2)];
    for (int i = 0; i < old.length; i += WORDS) {
      if (!isFree(old, i)) {
        set(larger, place(larger, old[i], old[i + 1]), old[i], old[i + 1], old[i + 2]);
      }
    }
    places = larger;
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
