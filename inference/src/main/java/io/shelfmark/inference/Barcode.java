package io.shelfmark.inference;

import java.util.Objects;

/**
 * A machine-readable code on a tag. Immutable.
 *
 * @param symbology the kind of code
 * @param text what it says; for EAN and UPC the digits with a check digit that was verified
 */
public record Barcode(Symbology symbology, String text) {

  /** The kind of code. */
  public enum Symbology {
    /** EAN-13, the article number of most goods. */
    EAN_13,
    /** EAN-8, its short form. */
    EAN_8,
    /** UPC-A, its North American form. */
    UPC_A,
    /** Code 128, used by shops for numbers of their own. */
    CODE_128,
    /** QR code. */
    QR
  }

  /** Refuses null. */
  public Barcode {
    Objects.requireNonNull(symbology, "symbology");
    Objects.requireNonNull(text, "text");
  }
}
