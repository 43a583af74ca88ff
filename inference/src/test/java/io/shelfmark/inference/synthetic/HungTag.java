package io.shelfmark.inference.synthetic;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.geom.Point2D;

/**
 * A flat tag hung into a scene.
 *
 * @param number its owner number on the canvas, 0 for things that are no tags
 * @param toPhoto maps units of the tag (its height is 1) into the photo
 */
record HungTag(FlatTag tag, int number, Homography toPhoto) {

  static HungTag of(FlatTag tag, int number, Point2D[] quad) {
    return new HungTag(tag, number, Homography.of(tag.width(), 1, quad));
  }

  void paint(PhotoCanvas canvas) {
    double scale = tag.scale();
    double[] m = toPhoto.m();
    // pixels of the image -> units: x / scale - left
    double[] chain = new double[9];
    for (int row = 0; row < 3; row++) {
      chain[3 * row] = m[3 * row] / scale;
      chain[3 * row + 1] = m[3 * row + 1] / scale;
      chain[3 * row + 2] = m[3 * row + 2] - m[3 * row] * tag.left() - m[3 * row + 1] * tag.top();
    }
    canvas.draw(tag.image(), new Homography(chain), number);
  }

  Outline outline() {
    return outline(0, 0, tag.width(), 1);
  }

  Outline outline(double x0, double y0, double x1, double y1) {
    Point2D[] q = toPhoto.map(x0, y0, x1, y1);
    return new Outline(point(q[0]), point(q[1]), point(q[2]), point(q[3]));
  }

  private static Point point(Point2D p) {
    return new Point(p.getX(), p.getY());
  }
}
