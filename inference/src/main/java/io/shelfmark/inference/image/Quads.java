package io.shelfmark.inference.image;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;

/**
 * Arithmetic on quadrilaterals held as eight numbers (x and y of top left, top right, bottom right,
 * bottom left), without garbage: a photo has hundreds of lines.
 */
final class Quads {

  private static final double FLAT = 1e-9;

  private Quads() {}

  static void set(double[] quad, Outline outline) {
    set(quad, 0, outline.topLeft());
    set(quad, 2, outline.topRight());
    set(quad, 4, outline.bottomRight());
    set(quad, 6, outline.bottomLeft());
  }

  private static void set(double[] quad, int at, Point point) {
    quad[at] = point.x();
    quad[at + 1] = point.y();
  }

  /** Mean length of the top and bottom edges. */
  static double along(double[] q) {
    return (Math.hypot(q[2] - q[0], q[3] - q[1]) + Math.hypot(q[4] - q[6], q[5] - q[7])) / 2;
  }

  /** Mean length of the left and right edges. */
  static double across(double[] q) {
    return (Math.hypot(q[6] - q[0], q[7] - q[1]) + Math.hypot(q[4] - q[2], q[5] - q[3])) / 2;
  }

  /** Whether the corners go round clockwise without a dent. */
  static boolean isConvex(double[] q) {
    for (int a = 0; a < 8; a += 2) {
      int b = (a + 2) % 8;
      int c = (a + 4) % 8;
      double turn = (q[b] - q[a]) * (q[c + 1] - q[b + 1]) - (q[b + 1] - q[a + 1]) * (q[c] - q[b]);
      // also false for what is not a number
      if (!(turn > 0)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Solves the homography from the rectangle (left, top) to (right, bottom) to the quad, by rows
   * with the last coefficient scaled so that the rectangle's middle has a positive third
   * coordinate.
   *
   * @return false when three corners lie on one line; {@code m} is then undefined
   */
  static boolean solve(
      double[] q, double left, double top, double right, double bottom, double[] m) {
    double dx1 = q[2] - q[4];
    double dy1 = q[3] - q[5];
    double dx2 = q[6] - q[4];
    double dy2 = q[7] - q[5];
    double sx = q[0] - q[2] + q[4] - q[6];
    double sy = q[1] - q[3] + q[5] - q[7];
    double determinant = dx1 * dy2 - dx2 * dy1;
    double g = (sx * dy2 - dx2 * sy) / determinant;
    double h = (dx1 * sy - sx * dy1) / determinant;
    double a = q[2] - q[0] + g * q[2];
    double b = q[6] - q[0] + h * q[6];
    double d = q[3] - q[1] + g * q[3];
    double e = q[7] - q[1] + h * q[7];
    double size = Math.abs(dx1) + Math.abs(dx2) + Math.abs(dy1) + Math.abs(dy2);
    double flat = FLAT * size * size;
    double first = a * e - b * d;
    if (!(Math.abs(determinant) > flat) || !(Math.abs(first) > flat) || !Double.isFinite(g + h)) {
      return false;
    }
    // u = (x - left) / width, v = (y - top) / height
    double u = 1 / (right - left);
    double v = 1 / (bottom - top);
    compose(m, 0, a, b, q[0], u, v, left, top);
    compose(m, 3, d, e, q[1], u, v, left, top);
    compose(m, 6, g, h, 1, u, v, left, top);
    if (1 + (g + h) / 2 < 0) {
      for (int i = 0; i < 9; i++) {
        m[i] = -m[i];
      }
    }
    return true;
  }

  private static void compose(
      double[] m,
      int at,
      double a,
      double b,
      double c,
      double u,
      double v,
      double left,
      double top) {
    m[at] = a * u;
    m[at + 1] = b * v;
    m[at + 2] = c - a * u * left - b * v * top;
  }

  static void mapInto(double[] m, double x, double y, double[] quad, int at) {
    double w = m[6] * x + m[7] * y + m[8];
    quad[at] = (m[0] * x + m[1] * y + m[2]) / w;
    quad[at + 1] = (m[3] * x + m[4] * y + m[5]) / w;
  }
}
