package io.shelfmark.inference.parsing;

import io.shelfmark.inference.SaleUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much is in a pack, by its name: «200г», «0,5л».
 *
 * @param amount in kilograms or liters
 * @param liquid whether it is liters
 */
record PackSize(double amount, boolean liquid) {

  private static final Pattern SIZE =
      Pattern.compile("(?<![\\d.,])(\\d{1,4}(?:[.,]\\d{1,3})?)\\s*(кг|г|гр|мл|л)(?!\\p{L})");

  /** The only size that the name states; a name with two («100г*2», «0,45л/0,5л») states none. */
  static Optional<PackSize> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Matcher size = SIZE.matcher(lower);
    if (!size.find()) {
      return Optional.empty();
    }
    double number = Double.parseDouble(size.group(1).replace(',', '.'));
    String unit = size.group(2);
    boolean followed = lower.substring(size.end()).matches("(?s)\\s*[*xх×].*");
    if (followed || size.find() || number == 0) {
      return Optional.empty();
    }
    boolean thousandth = unit.startsWith("г") || unit.equals("мл");
    return Optional.of(new PackSize(thousandth ? number / 1000 : number, unit.endsWith("л")));
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
