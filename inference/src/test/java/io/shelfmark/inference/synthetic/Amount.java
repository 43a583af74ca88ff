package io.shelfmark.inference.synthetic;

/**
 * A sum of money as printed.
 *
 * @param major rubles, euros and so on, without a thousands separator
 * @param minor kopecks as two digits, or empty where none are printed
 */
record Amount(String major, String minor) {

  /** Canonical text: "219.99", "135". */
  String text() {
    return minor.isEmpty() ? major : major + "." + minor;
  }

  double value() {
    return Double.parseDouble(text());
  }

  Amount withoutMinor() {
    return new Amount(major, "");
  }

  /**
   * A price with as many digits as shop prices have; minor units even over 00..99 half of the time.
   */
  static Amount price(Dice dice) {
    int digits = 1 + dice.weighted(1.5, 41, 49, 7, 1.5);
    int low = (int) Math.pow(10, digits - 1);
    int major = dice.whole(low, low * 10 - 1);
    return new Amount(Integer.toString(major), minor(dice));
  }

  static String minor(Dice dice) {
    return dice.chance(0.5)
        ? dice.digits(2)
        : dice.pick("99", "99", "99", "90", "49", "50", "00", "95", "89", "79");
  }

  /** A price above this one by some percent: what it costs without a card or an offer. */
  Amount dearer(Dice dice) {
    double raised = value() * dice.real(1.04, 1.9) + 1;
    return new Amount(
        Long.toString((long) Math.floor(raised)), dice.chance(0.5) ? minor : minor(dice));
  }

  Amount cheaper(Dice dice) {
    long lowered = Math.max(1, (long) (value() * dice.real(0.6, 0.95)));
    return new Amount(Long.toString(lowered), minor(dice));
  }
}
