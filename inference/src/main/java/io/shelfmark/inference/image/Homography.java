package io.shelfmark.inference.image;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;

/**
 * A projective mapping of the plane: how a flat tag, seen by a camera, lies in the photo. Immutable
 * and thread-safe.
 *
 * <p>Solved in closed form from the unit square (P. Heckbert, Fundamentals of Texture Mapping and
 * Image Warping, 1989, section 2.2.3).
 */
public final class Homography {

  private static final double FLAT = 1e-12;

  private final double[] m;

  private Homography(double[] m) {
    this.m = m;
  }

  /**
   * The mapping that takes the corners of {@code from} to those of {@code to}.
   *
   * @throws IllegalArgumentException when three corners of either lie on one line
   */
  public static Homography between(Outline from, Outline to) {
    return ofSquare(to).after(ofSquare(from).inverse());
  }

  /**
   * The mapping that takes the unit square, (0, 0) to (1, 1), to {@code outline}: its top left
   * corner is the image of (0, 0).
   *
   * @throws IllegalArgumentException when three corners lie on one line
   */
  public static Homography ofSquare(Outline outline) {
    double[] quad = new double[8];
    Quads.set(quad, outline);
    double[] m = new double[9];
    if (!Quads.solve(quad, 0, 0, 1, 1, m)) {
      throw new IllegalArgumentException(
          "Cannot make homography to %s: found corners on one line, expected four that span an area"
              .formatted(outline));
    }
    return new Homography(m);
  }

  /** Where {@code point} goes. */
  public Point map(Point point) {
    double w = m[6] * point.x() + m[7] * point.y() + m[8];
    return new Point(
        (m[0] * point.x() + m[1] * point.y() + m[2]) / w,
        (m[3] * point.x() + m[4] * point.y() + m[5]) / w);
  }

  /** Where the corners of {@code outline} go. */
  public Outline map(Outline outline) {
    return new Outline(
        map(outline.topLeft()),
        map(outline.topRight()),
        map(outline.bottomRight()),
        map(outline.bottomLeft()));
  }

  /** The mapping back. */
  public Homography inverse() {
    double[] r = {
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]
    };
    return new Homography(r).normalized();
  }

  /** The mapping that applies {@code first} and then this one. */
  public Homography after(Homography first) {
    double[] r = new double[9];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        r[3 * row + column] =
            m[3 * row] * first.m[column]
                + m[3 * row + 1] * first.m[3 + column]
                + m[3 * row + 2] * first.m[6 + column];
      }
    }
    return new Homography(r).normalized();
  }

  /** The nine coefficients by rows, the last one 1 where it is not 0; a copy. */
  public double[] coefficients() {
    return m.clone();
  }

  private Homography normalized() {
    double scale = m[8];
    if (Math.abs(scale) > FLAT) {
      for (int i = 0; i < 9; i++) {
        m[i] /= scale;
      }
    }
    return this;
  }
}
