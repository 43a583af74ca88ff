package io.shelfmark.inference.bulk;

import io.shelfmark.inference.SaleUnit;

/** Units as labels and results write them. */
final class Units {

  private Units() {}

  static String text(SaleUnit unit) {
    return switch (unit) {
      case PIECE -> "шт";
      case KILOGRAM -> "кг";
      case HUNDRED_GRAMS -> "100 г";
      case LITER -> "л";
    };
  }

  static SaleUnit parse(String text) {
    for (SaleUnit unit : SaleUnit.values()) {
      if (text(unit).equals(text)) {
        return unit;
      }
    }
    throw new IllegalArgumentException(
        "found unit '%s', expected шт, кг, 100 г or л".formatted(text));
  }
}
