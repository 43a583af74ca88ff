package io.shelfmark.inference.detection;

import io.shelfmark.inference.Box;

/** How much two boxes share: their intersection over their union. */
final class Overlap {

  private Overlap() {}

  static double of(Box a, Box b) {
    double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double shared = width * height;
    return shared / (a.width() * a.height() + b.width() * b.height() - shared);
  }
}
