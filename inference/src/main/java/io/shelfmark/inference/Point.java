package io.shelfmark.inference;

/**
 * A position in the upright photo, in pixels: x to the right, y down, the origin at the outer
 * corner of the top left pixel (so that pixel's center is at 0.5, 0.5). Immutable.
 */
public record Point(double x, double y) {

  /** Refuses coordinates that are not finite. */
  public Point {
    if (!Double.isFinite(x) || !Double.isFinite(y)) {
      throw new IllegalArgumentException(
          "Cannot make point: found (%s, %s), expected finite coordinates".formatted(x, y));
    }
  }

  /** Euclidean distance to {@code other}, in pixels. */
  public double distance(Point other) {
    return Math.hypot(x - other.x, y - other.y);
  }
}
