package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import java.util.Optional;

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
  static Optional<Barcode> parse(String text) {
    if (text.chars().anyMatch(Character::isLetter)) {
      return Optional.empty();
    }
    String digits = text.replaceAll("[^0-9]", "");
    return symbology(digits.length())
        .filter(symbology -> checkDigitHolds(digits))
        .map(symbology -> new Barcode(symbology, digits));
  }

  /**
   * Whether the last digit is what the others make it: weights 3, 1, 3 from the right, sum a
   * multiple of ten.
   */
  static boolean checkDigitHolds(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      sum += i % 2 == 0 ? digit : 3 * digit;
    }
    return sum % 10 == 0 && !digits.chars().allMatch(c -> c == '0');
  }

  private static Optional<Symbology> symbology(int length) {
    return switch (length) {
      case 13 -> Optional.of(Symbology.EAN_13);
      case 12 -> Optional.of(Symbology.UPC_A);
      case 8 -> Optional.of(Symbology.EAN_8);
      default -> Optional.empty();
    };
  }
}
