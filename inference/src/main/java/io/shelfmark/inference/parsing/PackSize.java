package io.shelfmark.inference.parsing;

import io.shelfmark.inference.SaleUnit;
import java.util.List;
import java.util.Optional;

/**
 * How much is in a pack, by its name: «200г», «0,5л».
 *
 * @param amount in kilograms or liters
 * @param liquid whether it is liters
 */
record PackSize(double amount, boolean liquid) {

  private static final List<String> UNITS = List.of("кг", "г", "гр", "мл", "л");
  private static final String POINTS = ".,";
  private static final String TIMES = "*xхXХ×";
  private static final int MAX_MAJOR_DIGITS = 4;
  private static final int MAX_MINOR_DIGITS = 3;

  /** The only size that the name states; a name with two («100г*2», «0,45л/0,5л») states none. */
  static Optional<PackSize> of(String name) {
    int at = find(name, 0);
    if (at < 0) {
      return Optional.empty();
    }
    int unit = TextScan.skipSpace(name, numberEnd(name, at));
    int end = TextScan.skipLetters(name, unit);
    boolean followed = TextScan.isAnyAt(name, TextScan.skipSpace(name, end), TIMES);
    double number = number(name, at);
    if (followed || find(name, end) >= 0 || number == 0) {
      return Optional.empty();
    }
    char first = Character.toLowerCase(name.charAt(unit));
    boolean thousandth = first == 'г' || first == 'м';
    boolean liquid = Character.toLowerCase(name.charAt(end - 1)) == 'л';
    return Optional.of(new PackSize(thousandth ? number / 1000 : number, liquid));
  }

  /** Where the next size begins, from {@code from} on; -1 when there is none. */
  private static int find(String name, int from) {
    for (int i = from; i < name.length(); i++) {
      boolean begins =
          TextScan.isDigitAt(name, i)
              && !TextScan.isDigitAt(name, i - 1)
              && !TextScan.isAnyAt(name, i - 1, POINTS);
      if (begins && isUnit(name, TextScan.skipSpace(name, numberEnd(name, i)))) {
        return i;
      }
    }
    return -1;
  }

  /** Where the number at {@code from} ends; at {@code from} when it has too many digits. */
  private static int numberEnd(String name, int from) {
    int end = TextScan.skipDigits(name, from);
    if (end - from > MAX_MAJOR_DIGITS) {
      return from;
    }
    int minor = end + 1;
    if (TextScan.isAnyAt(name, end, POINTS) && TextScan.isDigitAt(name, minor)) {
      end = TextScan.skipDigits(name, minor);
      return end - minor > MAX_MINOR_DIGITS ? from : end;
    }
    return end;
  }

  private static boolean isUnit(String name, int from) {
    int length = TextScan.skipLetters(name, from) - from;
    for (String unit : UNITS) {
      if (unit.length() == length && name.regionMatches(true, from, unit, 0, length)) {
        return true;
      }
    }
    return false;
  }

  /** The number at {@code from}: its digits over a power of ten, which is as exact as a double. */
  private static double number(String name, int from) {
    int point = TextScan.skipDigits(name, from);
    int end = numberEnd(name, from);
    double value = TextScan.number(name, from, point);
    double scale = 1;
    for (int i = point + 1; i < end; i++) {
      value = 10 * value + name.charAt(i) - '0';
      scale *= 10;
    }
    return value / scale;
  }

  /**
   * What the pack costs at a price per unit, in the same money; empty when the unit does not
   * measure it.
   */
  Optional<Double> cost(double perUnit, SaleUnit unit) {
    return switch (unit) {
      case KILOGRAM -> liquid ? Optional.empty() : Optional.of(perUnit * amount);
      case HUNDRED_GRAMS -> liquid ? Optional.empty() : Optional.of(perUnit * amount * 10);
      case LITER -> liquid ? Optional.of(perUnit * amount) : Optional.empty();
      case PIECE -> Optional.empty();
    };
  }
}
