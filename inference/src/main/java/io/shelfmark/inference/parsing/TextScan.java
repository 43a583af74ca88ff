package io.shelfmark.inference.parsing;

/**
 * Steps through text by hand: a tag has a dozen short texts and as many patterns, and regular
 * expressions leave kilobytes of garbage at each. Stateless.
 */
final class TextScan {

  private TextScan() {}

  /** A digit from 0 to 9, not one of other scripts. */
  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether there is a digit at {@code i}; {@code i} may lie outside. */
  static boolean isDigitAt(CharSequence text, int i) {
    return i >= 0 && i < text.length() && isDigit(text.charAt(i));
  }

  /** Whether {@code c} is at {@code i}; {@code i} may lie outside. */
  static boolean isAt(CharSequence text, int i, char c) {
    return i >= 0 && i < text.length() && text.charAt(i) == c;
  }

  /** Whether one of {@code set} is at {@code i}; {@code i} may lie outside. */
  static boolean isAnyAt(CharSequence text, int i, String set) {
    return i >= 0 && i < text.length() && set.indexOf(text.charAt(i)) >= 0;
  }

  /** Where {@code c} first is; -1 when it is nowhere. */
  static int indexOf(CharSequence text, char c) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == c) {
        return i;
      }
    }
    return -1;
  }

  /** Whether {@code text} is {@code word} from {@code from} to {@code to}, which lie inside. */
  static boolean isAt(CharSequence text, int from, int to, String word) {
    if (to - from != word.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != word.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }

  /** Where the run of digits that may begin at {@code from} ends. */
  static int skipDigits(CharSequence text, int from) {
    int i = from;
    while (isDigitAt(text, i)) {
      i++;
    }
    return i;
  }

  /** Where the run of spaces and line ends that may begin at {@code from} ends. */
  static int skipSpace(CharSequence text, int from) {
    int i = from;
    while (isSpaceAt(text, i)) {
      i++;
    }
    return i;
  }

  /** Where the run of spaces and line ends that may end at {@code to} begins. */
  static int skipSpaceBack(CharSequence text, int to) {
    int i = to;
    while (isSpaceAt(text, i - 1)) {
      i--;
    }
    return i;
  }

  /** Where the run of letters that may begin at {@code from} ends. */
  static int skipLetters(CharSequence text, int from) {
    int i = from;
    while (i < text.length() && Character.isLetter(Character.codePointAt(text, i))) {
      i += Character.charCount(Character.codePointAt(text, i));
    }
    return i;
  }

  /** The number that {@code digits} has from {@code from} to {@code to}. */
  static int number(CharSequence digits, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + digits.charAt(i) - '0';
    }
    return value;
  }

  private static boolean isSpaceAt(CharSequence text, int i) {
    return i >= 0 && i < text.length() && (text.charAt(i) == ' ' || isControl(text.charAt(i)));
  }

  private static boolean isControl(char c) {
    return c >= '\t' && c <= '\r';
  }
}
