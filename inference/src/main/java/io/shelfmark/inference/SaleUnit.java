package io.shelfmark.inference;

/** What the price on a tag buys. */
public enum SaleUnit {
  /** One piece or pack (шт, уп). */
  PIECE("шт"),
  /** One kilogram (кг). */
  KILOGRAM("кг"),
  /** 100 grams (100 г). */
  HUNDRED_GRAMS("100 г"),
  /** One liter (л). */
  LITER("л");

  private final String symbol;

  SaleUnit(String symbol) {
    this.symbol = symbol;
  }

  /** As price tags and files of results have it: шт, кг, 100 г or л. */
  public String symbol() {
    return symbol;
  }
}
