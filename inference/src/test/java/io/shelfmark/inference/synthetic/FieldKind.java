package io.shelfmark.inference.synthetic;

import java.util.Locale;

/** What a printed field is. All but {@link #OTHER} are the field detector's classes. */
enum FieldKind {
  PRICE,
  REGULAR,
  NAME,
  CARD,
  QUANTITY,
  DISCOUNT,
  UNIT,
  BARCODE,
  QR,
  /** A confuser: a number or text that is none of the others. */
  OTHER;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
