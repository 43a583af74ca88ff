package io.shelfmark.inference.catalog;

/**
 * A number in a product's name with its unit: «200г», «0,5л», «3,2%», «4шт».
 *
 * @param digits its digits without a decimal sign
 * @param thousandths its value in thousandths of the base unit (gram, milliliter, percent, piece)
 * @param measure what it measures
 */
record Quantity(String digits, long thousandths, Measure measure) {

  enum Measure {
    MASS,
    VOLUME,
    PERCENT,
    PIECES,
    UNKNOWN
  }

  /** {@code number} as printed, with a point or comma; {@code unit} folded, empty without one. */
  static Quantity of(String number, String unit) {
    String plain = number.replace(',', '.');
    int point = plain.indexOf('.');
    String digits = plain.replace(".", "");
    boolean onePoint = plain.indexOf('.', point + 1) < 0;
    long thousandths = -1; // not a quantity: equal only to the same digits
    if (digits.length() <= 9 && (point < 0 || onePoint)) {
      thousandths = Math.round(Double.parseDouble(plain) * 1000 * factor(unit));
    }
    return new Quantity(digits, thousandths, measure(unit));
  }

  static boolean isUnit(String word) {
    return measure(word) != Measure.UNKNOWN;
  }

  boolean isSame(Quantity other) {
    boolean comparable =
        measure == other.measure || measure == Measure.UNKNOWN || other.measure == Measure.UNKNOWN;
    boolean sameValue =
        measure == other.measure && thousandths >= 0 && thousandths == other.thousandths;
    return sameValue || (comparable && digits.equals(other.digits));
  }

  private static Measure measure(String unit) {
    return switch (unit) {
      case "г", "гр", "кг", "g", "кg" -> Measure.MASS;
      case "л", "мл", "l", "мl" -> Measure.VOLUME;
      case "%" -> Measure.PERCENT;
      case "шт", "пак", "п", "рул", "сл" -> Measure.PIECES;
      default -> Measure.UNKNOWN;
    };
  }

  private static int factor(String unit) {
    return switch (unit) {
      case "кг", "кg", "л", "l" -> 1000;
      default -> 1;
    };
  }
}
