package io.shelfmark.inference.parsing;

import static io.shelfmark.inference.parsing.TextScan.isAnyAt;
import static io.shelfmark.inference.parsing.TextScan.isAt;
import static io.shelfmark.inference.parsing.TextScan.isDigitAt;
import static io.shelfmark.inference.parsing.TextScan.skipDigits;
import static io.shelfmark.inference.parsing.TextScan.skipSpace;

import io.shelfmark.inference.Price;
import java.util.Currency;
import java.util.Optional;

/**
 * Reads the one amount of a text in which ¤ stands for the currency's sign or word and × for that
 * of its minor unit: digits, perhaps in groups of three, perhaps with a minor part of two or three
 * digits. Any other digit, and a plus or minus before, spoil it. For one thread.
 */
final class AmountScanner {

  static final char SIGN = '¤';
  static final char MINOR_SIGN = '×';

  private static final int MAX_MAJOR_DIGITS = 7;
  private static final int GROUP = 3;
  private static final String GROUP_SEPARATORS = " '.,";
  private static final String POINTS = ".,";
  private static final String MINOR_SEPARATORS = ".,=-";

  private CharSequence text = "";

  // groups included; the minor part is empty when there is none
  private int majorStart;
  private int majorEnd;
  private int minorStart;
  private int minorEnd;
  private boolean groupedByPoints;

  /**
   * The amount, if it is plausible.
   *
   * @param named whether the text names the currency
   */
  Optional<Price> read(CharSequence marked, Currency currency, boolean named) {
    text = marked;
    if (!findMajor() || !findMinor()) {
      return Optional.empty();
    }
    int digits = Math.max(0, currency.getDefaultFractionDigits());
    int majorDigits = digits(majorStart, majorEnd);
    int minorDigits = minorEnd - minorStart;
    boolean unclear = groupedByPoints && minorDigits == 0;
    boolean fils = unclear && digits == 3; // dinars have 1000
    int whole = fils ? majorDigits - GROUP : majorDigits;
    boolean implausible =
        whole > MAX_MAJOR_DIGITS
            || (whole > 1 && isAt(text, majorStart, '0'))
            || (minorDigits > 0 && minorDigits != digits);
    if (implausible || (unclear && digits == 2)) {
      return Optional.empty();
    }
    long value = value(majorStart, majorEnd);
    if (minorDigits == 0 && !fils && !named && endsInMinorSign()) {
      return value < 100 && digits == 2 ? price(value, currency) : Optional.empty();
    }
    for (int i = fils ? digits : 0; i < digits; i++) {
      value *= 10;
    }
    return price(value + value(minorStart, minorEnd), currency);
  }

  private static Optional<Price> price(long minor, Currency currency) {
    return minor == 0 ? Optional.empty() : Optional.of(new Price(minor, currency));
  }

  private boolean findMajor() {
    majorStart = 0;
    while (majorStart < text.length()
        && !isDigitAt(text, majorStart)
        && !isAnyAt(text, majorStart, "+-")) {
      majorStart++;
    }
    if (!isDigitAt(text, majorStart)) {
      return false;
    }
    majorEnd = skipDigits(text, majorStart);
    groupedByPoints = false;
    if (majorEnd - majorStart <= GROUP
        && isAnyAt(text, majorEnd, GROUP_SEPARATORS)
        && isGroup(majorEnd + 1)) {
      char separator = text.charAt(majorEnd);
      groupedByPoints = POINTS.indexOf(separator) >= 0;
      while (isAt(text, majorEnd, separator) && isGroup(majorEnd + 1)) {
        majorEnd += 1 + GROUP;
      }
    }
    return true;
  }

  private boolean isGroup(int from) {
    return skipDigits(text, from) == from + GROUP;
  }

  /** False when there are digits that are no minor part. */
  private boolean findMinor() {
    minorStart = nextDigit(majorEnd);
    minorEnd = skipDigits(text, minorStart);
    int digits = minorEnd - minorStart;
    return digits == 0
        || (digits >= 2
            && digits <= 3
            && isMinorSeparator(majorEnd, minorStart)
            && nextDigit(minorEnd) == text.length());
  }

  /** A space, a point with perhaps a space on either side, or the currency's sign. */
  private boolean isMinorSeparator(int from, int to) {
    if (to - from == 1 && isAt(text, from, ' ')) {
      return true;
    }
    int sign = skipSpace(text, from);
    if (isAt(text, sign, SIGN)) {
      return skipSpace(text, sign + 1) == to;
    }
    return sign - from <= 1
        && isAnyAt(text, sign, MINOR_SEPARATORS)
        && (sign + 1 == to || (sign + 2 == to && isAt(text, sign + 1, ' ')));
  }

  private int nextDigit(int from) {
    int i = from;
    while (i < text.length() && !isDigitAt(text, i)) {
      i++;
    }
    return i;
  }

  /** Whether a minor unit is named behind all digits. */
  private boolean endsInMinorSign() {
    for (int i = majorEnd; i < text.length(); i++) {
      if (isAt(text, i, MINOR_SIGN)) {
        return true;
      }
    }
    return false;
  }

  private int digits(int from, int to) {
    int digits = 0;
    for (int i = from; i < to; i++) {
      digits += isDigitAt(text, i) ? 1 : 0;
    }
    return digits;
  }

  private long value(int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = isDigitAt(text, i) ? 10 * value + text.charAt(i) - '0' : value;
    }
    return value;
  }
}
