package io.shelfmark.inference.parsing;

import java.util.Arrays;
import java.util.List;

/**
 * The folded words of a text: runs of letters and runs of digits, in order. Reads one text after
 * another into arrays that are kept, so that it leaves no garbage. A word that is not there, such
 * as the one before the first, is like none. For one thread.
 */
final class Words {

  private char[] characters = new char[128];
  private int[] ends = new int[32];
  private int[] distances = new int[32];
  private int size;

  /** Takes the words of {@code text} instead of those it has. */
  Words read(CharSequence text) {
    return read(text, 0);
  }

  /** The same without the first {@code from} characters of a composed text. */
  Words read(CharSequence text, int from) {
    size = 0;
    CharSequence composed = TextFolding.compose(text);
    for (int i = next(composed, from); i < composed.length(); ) {
      int end = end(composed, i);
      add(composed, i, end);
      i = next(composed, end);
    }
    return this;
  }

  /**
   * The same for text about numbers of pieces: percentages are left out, and a lone zero before
   * letters belongs to them, «0т 2» is «от 2».
   */
  Words readQuantities(CharSequence text) {
    size = 0;
    CharSequence composed = TextFolding.compose(text);
    for (int i = next(composed, 0); i < composed.length(); ) {
      int end = end(composed, i);
      if (Character.isDigit(composed.charAt(i))) {
        if (!TextScan.isAt(composed, TextScan.skipSpace(composed, end), '%')) {
          add(composed, i, end);
        }
      } else {
        boolean afterZero = is(size - 1, "0");
        add(composed, i, end);
        if (afterZero) {
          prefix('о');
        }
      }
      i = next(composed, end);
    }
    return this;
  }

  private static int next(CharSequence text, int from) {
    int i = from;
    while (i < text.length() && !TextFolding.isRead(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int end(CharSequence text, int from) {
    boolean digits = Character.isDigit(text.charAt(from));
    int i = from + 1;
    while (i < text.length()
        && TextFolding.isRead(text.charAt(i))
        && Character.isDigit(text.charAt(i)) == digits) {
      i++;
    }
    return i;
  }

  private void add(CharSequence text, int from, int to) {
    int start = start(size);
    int end = start + to - from;
    // one more, for a prefix
    if (end >= characters.length) {
      characters = Arrays.copyOf(characters, 2 * end + 1);
    }
    for (int i = from; i < to; i++) {
      characters[start + i - from] = TextFolding.fold(text.charAt(i));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = end;
  }

  /** Puts {@code c} before the last word. */
  private void prefix(char c) {
    int start = start(size - 1);
    System.arraycopy(characters, start, characters, start + 1, ends[size - 1] - start);
    characters[start] = c;
    ends[size - 1]++;
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** How many words there are. */
  int size() {
    return size;
  }

  /** Characters of word {@code i}; 0 when it is not there. */
  int length(int i) {
    return i < 0 || i >= size ? 0 : ends[i] - start(i);
  }

  /** Word {@code i}, which is there. */
  String text(int i) {
    return new String(characters, start(i), length(i));
  }

  /** Whether word {@code i} is a number. */
  boolean isNumber(int i) {
    return length(i) > 0 && Character.isDigit(characters[start(i)]);
  }

  /** Word {@code i}, a number of two digits at most. */
  int number(int i) {
    int value = 0;
    for (int at = start(i); at < ends[i]; at++) {
      value = 10 * value + Character.digit(characters[at], 10);
    }
    return value;
  }

  /** Whether word {@code i} is {@code wanted}. */
  boolean is(int i, String wanted) {
    return length(i) == wanted.length() && sharesSuffix(i, wanted);
  }

  /** Whether word {@code i} is one of {@code wanted}. */
  boolean isAny(int i, List<String> wanted) {
    for (int w = 0; w < wanted.size(); w++) {
      if (is(i, wanted.get(w))) {
        return true;
      }
    }
    return false;
  }

  /** Whether word {@code i} ends in {@code suffix}. */
  boolean endsWith(int i, String suffix) {
    return length(i) >= suffix.length() && sharesSuffix(i, suffix);
  }

  private boolean sharesSuffix(int i, String suffix) {
    if (suffix.isEmpty()) {
      return true;
    }
    int from = ends[i] - suffix.length();
    for (int at = 0; at < suffix.length(); at++) {
      if (characters[from + at] != suffix.charAt(at)) {
        return false;
      }
    }
    return true;
  }

  /** Whether word {@code i} is {@code wanted} but for one letter at most, and as long. */
  boolean isNearly(int i, String wanted) {
    return length(i) == wanted.length() && distance(i, wanted) <= 1;
  }

  /** Whether word {@code i} is {@code wanted} but for one error in every four letters. */
  boolean isClose(int i, String wanted) {
    int allowed = wanted.length() / 4;
    return Math.abs(length(i) - wanted.length()) <= allowed && distance(i, wanted) <= allowed;
  }

  /** Whether word {@code i} is close to one of {@code wanted}. */
  boolean isCloseToAny(int i, List<String> wanted) {
    for (int w = 0; w < wanted.size(); w++) {
      if (isClose(i, wanted.get(w))) {
        return true;
      }
    }
    return false;
  }

  private int distance(int i, String wanted) {
    int length = length(i);
    if (length == 0) {
      return wanted.length();
    }
    if (distances.length <= wanted.length()) {
      distances = new int[2 * wanted.length()];
    }
    return EditDistance.between(characters, start(i), ends[i], wanted, distances);
  }
}
