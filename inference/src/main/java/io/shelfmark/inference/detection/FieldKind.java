package io.shelfmark.inference.detection;

/** What a part of a tag is, in the order of the field detector's classes. */
public enum FieldKind {
  /** The main price, kopecks included. */
  PRICE,
  /** The second, regular price. */
  REGULAR_PRICE,
  /** One line of the product's name. */
  NAME,
  /** A block of text that makes the price depend on a loyalty card. */
  CARD,
  /** A block of text that makes the price depend on a number of pieces. */
  QUANTITY,
  /** A discount in percent. */
  DISCOUNT,
  /** What the price buys. */
  UNIT,
  /** A bar code. */
  BARCODE,
  /** A QR code. */
  QR
}
