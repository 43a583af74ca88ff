package io.shelfmark.inference.parsing;

import static io.shelfmark.inference.parsing.TextScan.isAnyAt;
import static io.shelfmark.inference.parsing.TextScan.isAt;
import static io.shelfmark.inference.parsing.TextScan.isDigitAt;
import static io.shelfmark.inference.parsing.TextScan.skipDigits;
import static io.shelfmark.inference.parsing.TextScan.skipSpace;

/** The sums by which chains say how many pieces to buy: «3=2», «1+1=3», «3+1». Stateless. */
final class QuantityEquation {

  private static final String POINTS = ".,";
  private static final String POINTS_AND_PERCENT = ".,%";
  private static final int MAX_DIGITS = 2;

  private QuantityEquation() {}

  /**
   * How many pieces the first equation of {@code text} asks for, 0 when it makes no sense; -1
   * without one.
   */
  static int find(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      boolean begins =
          isDigitAt(text, i) && !isDigitAt(text, i - 1) && !isAnyAt(text, i - 1, POINTS);
      int end = begins ? skipDigits(text, i) : i;
      if (begins && end - i <= MAX_DIGITS) {
        int first = TextScan.number(text, i, end);
        int sign = skipSpace(text, end);
        int found =
            isAt(text, sign, '+')
                ? sum(text, first, sign)
                : isAt(text, sign, '=') ? equal(text, first, sign) : -1;
        if (found >= 0) {
          return found;
        }
      }
    }
    return -1;
  }

  /** «3+1», «1+1=3»: what comes out, or what is said to. */
  private static int sum(CharSequence text, int first, int plus) {
    int second = skipSpace(text, plus + 1);
    if (!isDigitAt(text, second)) {
      return -1;
    }
    int sum = first + text.charAt(second) - '0';
    int equals = skipSpace(text, second + 1);
    int third = skipSpace(text, equals + 1);
    if (isAt(text, equals, '=') && isDigitAt(text, third) && ends(text, third + 1)) {
      return Math.max(sum, text.charAt(third) - '0');
    }
    return ends(text, second + 1) ? sum : -1;
  }

  /** «3=2»: three for the price of two. */
  private static int equal(CharSequence text, int first, int equals) {
    int second = skipSpace(text, equals + 1);
    if (!isDigitAt(text, second) || !ends(text, second + 1)) {
      return -1;
    }
    return first > text.charAt(second) - '0' ? first : 0;
  }

  /** Whether a number that ends at {@code i} is whole and no percentage. */
  private static boolean ends(CharSequence text, int i) {
    return !isDigitAt(text, i) && !isAnyAt(text, i, POINTS_AND_PERCENT);
  }
}
