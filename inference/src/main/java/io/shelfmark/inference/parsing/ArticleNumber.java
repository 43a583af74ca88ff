package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The number under an article's bars, EAN-13, EAN-8 or UPC-A, told by its length and check digit.
 * Stateless.
 */
final class ArticleNumber {

  private ArticleNumber() {}

  /**
   * The number that the digits of {@code text} make when its check digit holds; signs and spaces
   * are passed over.
   */
  static Optional<Barcode> parse(CharSequence text) {
    int digits = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetter(text.charAt(i))) {
        return Optional.empty();
      }
      digits += TextScan.isDigitAt(text, i) ? 1 : 0;
    }
    Symbology symbology = symbology(digits);
    if (symbology == null) {
      return Optional.empty();
    }
    StringBuilder number = new StringBuilder(digits);
    for (int i = 0; i < text.length(); i++) {
      if (TextScan.isDigitAt(text, i)) {
        number.append(text.charAt(i));
      }
    }
    return checkDigitHolds(number)
        ? Optional.of(new Barcode(symbology, number.toString()))
        : Optional.empty();
  }

  /**
   * Whether the last digit is what the others make it: weights 3, 1, 3 from the right, sum a
   * multiple of ten. A number of zeros is none.
   */
  static boolean checkDigitHolds(CharSequence digits) {
    int sum = 0;
    boolean zeros = true;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      sum += i % 2 == 0 ? digit : 3 * digit;
      zeros &= digit == 0;
    }
    return sum % 10 == 0 && !zeros;
  }

  private static @Nullable Symbology symbology(int length) {
    return switch (length) {
      case 13 -> Symbology.EAN_13;
      case 12 -> Symbology.UPC_A;
      case 8 -> Symbology.EAN_8;
      default -> null;
    };
  }
}
