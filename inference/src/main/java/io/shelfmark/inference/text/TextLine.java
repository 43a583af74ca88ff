package io.shelfmark.inference.text;

import java.util.Objects;

/** A line of text to be read: where it is and what it holds. Immutable. */
public final class TextLine {

  /** What a line holds, which decides how it is read. */
  public enum Kind {
    /** Words: the likeliest character of each column. */
    TEXT,
    /** A line of a product's name: what the columns say, weighed by how names are spelled. */
    NAME,
    /**
     * A price: drawn out to twice its width, since raised kopecks are small, and read with its
     * alternatives, since a second guess can be checked by arithmetic.
     */
    PRICE
  }

  private final double[] quad;
  private final Kind kind;

  /**
   * A line.
   *
   * @param quad x and y of its top left, top right, bottom right and bottom left corner, in pixels
   *     of the upright photo; kept
   */
  public TextLine(double[] quad, Kind kind) {
    this.quad = Objects.requireNonNull(quad, "quad");
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  double[] quad() {
    return quad;
  }

  Kind kind() {
    return kind;
  }
}
