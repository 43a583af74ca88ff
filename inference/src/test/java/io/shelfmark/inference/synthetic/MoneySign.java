package io.shelfmark.inference.synthetic;

import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * How a currency is named beside an amount.
 *
 * @param text what is printed; empty for nothing
 * @param code the currency's ISO 4217 code
 * @param place where it stands
 */
record MoneySign(String text, String code, Place place) {

  /** On which side of the amount. */
  enum Place {
    BEFORE,
    AFTER
  }

  /** What Russian tags and those of their neighbors print. */
  static final List<MoneySign> NEAR =
      List.of(
          new MoneySign("₽", "RUB", Place.AFTER),
          new MoneySign("руб", "RUB", Place.AFTER),
          new MoneySign("р.", "RUB", Place.AFTER),
          new MoneySign("", "RUB", Place.AFTER),
          new MoneySign("Br", "BYN", Place.AFTER),
          new MoneySign("с", "KGS", Place.AFTER),
          new MoneySign("₸", "KZT", Place.AFTER),
          new MoneySign("€", "EUR", Place.AFTER),
          new MoneySign("$", "USD", Place.BEFORE));

  /** What is printed elsewhere. */
  static final List<MoneySign> ABROAD =
      List.of(
          new MoneySign("€", "EUR", Place.AFTER),
          new MoneySign("€", "EUR", Place.BEFORE),
          new MoneySign("$", "USD", Place.BEFORE),
          new MoneySign("$", "USD", Place.BEFORE),
          new MoneySign("$", "USD", Place.AFTER),
          new MoneySign("£", "GBP", Place.BEFORE),
          new MoneySign("₸", "KZT", Place.AFTER),
          new MoneySign("₸", "KZT", Place.AFTER),
          new MoneySign("тг", "KZT", Place.AFTER),
          new MoneySign("zł", "PLN", Place.AFTER),
          new MoneySign("лв", "BGN", Place.AFTER));

  /** Whether amounts in this currency are printed without minor units. */
  boolean wholeAmounts() {
    return code.equals("KZT") || code.equals("KGS");
  }

  /**
   * Prints the sign beside the main price, small or as tall, on its baseline or raised. One that is
   * a single symbol is part of what the price's field reads; a word is a field of its own.
   */
  Rectangle2D print(TagPainter p, Rectangle2D price, Typeface face) {
    p.facts.currency = code;
    if (text.isEmpty() || price.isEmpty()) {
      return price;
    }
    Dice dice = p.dice;
    boolean symbol = "₽€$£₸".contains(text);
    double height =
        price.getHeight() * (symbol && dice.chance(0.4) ? 1 : dice.real(symbol ? 0.35 : 0.2, 0.85));
    double baseline = dice.chance(0.6) ? price.getMaxY() : price.getMinY() + height;
    double gap = dice.real(0.015, 0.05);
    Spot spot =
        place == Place.BEFORE
            ? Spot.right(price.getMinX() - gap, baseline)
            : Spot.left(price.getMaxX() + gap, baseline);
    if (symbol) {
      return p.signed(price, text, face, spot, height);
    }
    p.unit(text, face, spot, height);
    return price;
  }
}
