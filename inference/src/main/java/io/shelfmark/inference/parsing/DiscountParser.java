package io.shelfmark.inference.parsing;

import static io.shelfmark.inference.parsing.TextScan.isAnyAt;
import static io.shelfmark.inference.parsing.TextScan.isAt;
import static io.shelfmark.inference.parsing.TextScan.isDigitAt;
import static io.shelfmark.inference.parsing.TextScan.skipDigits;
import static io.shelfmark.inference.parsing.TextScan.skipSpace;
import static io.shelfmark.inference.parsing.TextScan.skipSpaceBack;

import java.util.OptionalInt;

/**
 * Reads the discount in percent: {@code -33%}, {@code −29 %}, {@code СКИДКА 25 %}. «до 50%» is
 * about other goods and gives nothing. Stateless.
 */
final class DiscountParser {

  private static final String DASHES = "-–—−";
  private static final String POINTS = ".,";
  private static final int MAX_DIGITS = 2;

  private DiscountParser() {}

  /** Percent, 1 to 99. A number without a percent sign counts only after a minus and at the end. */
  static OptionalInt parse(CharSequence text) {
    int i = 0;
    while (i < text.length()) {
      int number = isDigitAt(text, i) ? i : isAnyAt(text, i, DASHES) ? skipSpace(text, i + 1) : -1;
      int end = number < 0 ? -1 : number == i ? endOfPercent(text, i) : endOfBare(text, number);
      if (end > 0) {
        int value = TextScan.number(text, number, skipDigits(text, number));
        if (value > 0 && !saysUpTo(text, i)) {
          return OptionalInt.of(value);
        }
      }
      i = Math.max(end, i + 1);
    }
    return OptionalInt.empty();
  }

  /** Where «25 %» at {@code from} ends, or -1 when it is none. */
  private static int endOfPercent(CharSequence text, int from) {
    int end = skipDigits(text, from);
    int sign = skipSpace(text, end);
    boolean whole = !isDigitAt(text, from - 1) && !isAnyAt(text, from - 1, POINTS);
    return whole && end - from <= MAX_DIGITS && isAt(text, sign, '%') ? sign + 1 : -1;
  }

  /** Where a number at {@code from} ends that ends the text, or -1 when it is none. */
  private static int endOfBare(CharSequence text, int from) {
    int end = skipDigits(text, from);
    return end > from && end - from <= MAX_DIGITS && skipSpace(text, end) == text.length()
        ? text.length()
        : -1;
  }

  /** Whether «до», perhaps with a dash, or «up to» stands before {@code at}. */
  private static boolean saysUpTo(CharSequence text, int at) {
    int end = skipSpaceBack(text, at);
    if (isAnyAt(text, end - 1, DASHES)) {
      end = skipSpaceBack(text, end - 1);
    }
    if (endsWith(text, end, "до")) {
      return true;
    }
    int before = skipSpaceBack(text, end - 2);
    return endsWith(text, end, "to") && before < end - 2 && endsWith(text, before, "up");
  }

  /** Whether a word of two lower-case letters, whatever their case, ends at {@code end}. */
  private static boolean endsWith(CharSequence text, int end, String word) {
    return end >= 2
        && isLetter(text.charAt(end - 2), word.charAt(0))
        && isLetter(text.charAt(end - 1), word.charAt(1));
  }

  private static boolean isLetter(char c, char lowerCase) {
    return Character.toLowerCase(Character.toUpperCase(c)) == lowerCase;
  }
}
