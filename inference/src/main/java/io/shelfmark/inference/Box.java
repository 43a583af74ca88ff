package io.shelfmark.inference;

/**
 * An upright rectangle in the photo, in pixels, origin at the top left. Edges, not pixel indices:
 * {@code right - left} is the width. Immutable.
 */
public record Box(double left, double top, double right, double bottom) {

  /** Refuses a box whose edges are not finite or in the wrong order. */
  public Box {
    if (!(right >= left) || !(bottom >= top) || !Double.isFinite(right - left + bottom - top)) {
      throw new IllegalArgumentException(
          "Cannot make box: found (%s, %s, %s, %s), expected left <= right and top <= bottom"
              .formatted(left, top, right, bottom));
    }
  }

  /** Horizontal extent in pixels. */
  public double width() {
    return right - left;
  }

  /** Vertical extent in pixels. */
  public double height() {
    return bottom - top;
  }

  /** The point in the middle. */
  public Point center() {
    return new Point((left + right) / 2, (top + bottom) / 2);
  }
}
