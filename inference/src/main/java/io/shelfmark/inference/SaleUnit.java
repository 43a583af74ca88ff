package io.shelfmark.inference;

/** What the price on a tag buys. */
public enum SaleUnit {
  /** One piece or pack (шт, уп). */
  PIECE,
  /** One kilogram (кг). */
  KILOGRAM,
  /** 100 grams (100 г). */
  HUNDRED_GRAMS,
  /** One liter (л). */
  LITER
}
