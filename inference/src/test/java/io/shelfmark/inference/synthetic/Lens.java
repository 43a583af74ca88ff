package io.shelfmark.inference.synthetic;

import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;

/**
 * How the flat scene is seen: turned, sheared and squashed as a whole, with a little perspective.
 */
final class Lens {
  private final AffineTransform plane;
  private final double px;
  private final double py;
  private final double cx;
  private final double cy;

  private Lens(AffineTransform plane, double px, double py, double cx, double cy) {
    this.plane = plane;
    this.px = px;
    this.py = py;
    this.cx = cx;
    this.cy = cy;
  }

  static Lens of(Dice dice, int width, int height, boolean gentle) {
    double cx = width / 2.0;
    double cy = height / 2.0;
    boolean tail = !gentle && dice.chance(0.12);
    double angle =
        Math.toRadians(gentle ? dice.bell() * 0.6 : tail ? dice.real(-15, 15) : dice.bell() * 2.4);
    AffineTransform plane = AffineTransform.getTranslateInstance(cx, cy);
    plane.rotate(angle);
    if (!gentle) {
      plane.shear(dice.bell() * 0.05, dice.bell() * (tail ? 0.1 : 0.03));
      if (dice.chance(0.05)) {
        plane.scale(dice.real(0.25, 0.75), 1);
      } else if (dice.chance(0.05)) {
        plane.scale(1, dice.real(0.5, 0.8));
      }
    }
    plane.translate(-cx, -cy);
    double reach = gentle ? 0.015 : tail ? 0.16 : 0.06;
    return new Lens(plane, dice.bell() * reach / width, dice.bell() * reach / height, cx, cy);
  }

  /** The whole, less its perspective: for what is behind the tags. */
  AffineTransform plane() {
    return plane;
  }

  Point2D see(double x, double y) {
    Point2D p = plane.transform(new Point2D.Double(x, y), null);
    double dx = p.getX() - cx;
    double dy = p.getY() - cy;
    double depth = 1 + px * dx + py * dy;
    return new Point2D.Double(cx + dx / depth, cy + dy / depth);
  }
}
