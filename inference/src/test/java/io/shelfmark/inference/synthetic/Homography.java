package io.shelfmark.inference.synthetic;

import java.awt.geom.Point2D;

/**
 * A projective map of the plane.
 *
 * @param m row-major 3x3
 */
record Homography(double[] m) {

  /**
   * Maps the rectangle from the origin to (w, h) on the quadrilateral TL, TR, BR, BL (Heckbert
   * 1989, square to quad).
   */
  static Homography of(double w, double h, Point2D[] quad) {
    double x0 = quad[0].getX();
    double y0 = quad[0].getY();
    double dx1 = quad[1].getX() - quad[2].getX();
    double dy1 = quad[1].getY() - quad[2].getY();
    double dx2 = quad[3].getX() - quad[2].getX();
    double dy2 = quad[3].getY() - quad[2].getY();
    double sx = x0 - quad[1].getX() + quad[2].getX() - quad[3].getX();
    double sy = y0 - quad[1].getY() + quad[2].getY() - quad[3].getY();
    double area = dx1 * dy2 - dx2 * dy1;
    double g = (sx * dy2 - dx2 * sy) / area;
    double k = (dx1 * sy - sx * dy1) / area;
    return new Homography(
        new double[] {
          (quad[1].getX() - x0 + g * quad[1].getX()) / w,
          (quad[3].getX() - x0 + k * quad[3].getX()) / h,
          x0,
          (quad[1].getY() - y0 + g * quad[1].getY()) / w,
          (quad[3].getY() - y0 + k * quad[3].getY()) / h,
          y0,
          g / w,
          k / h,
          1
        });
  }

  Point2D map(double x, double y) {
    double d = m[6] * x + m[7] * y + m[8];
    return new Point2D.Double((m[0] * x + m[1] * y + m[2]) / d, (m[3] * x + m[4] * y + m[5]) / d);
  }

  Point2D[] map(double x0, double y0, double x1, double y1) {
    return new Point2D[] {map(x0, y0), map(x1, y0), map(x1, y1), map(x0, y1)};
  }

  Homography inverse() {
    return new Homography(
        new double[] {
          m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
          m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
          m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]
        });
  }
}
