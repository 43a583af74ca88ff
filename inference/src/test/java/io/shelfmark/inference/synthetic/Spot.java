package io.shelfmark.inference.synthetic;

/**
 * Where a text stands: its baseline, and the x that its left edge, middle or right edge is set to.
 */
record Spot(double x, double baseline, Align align) {
  enum Align {
    LEFT,
    CENTER,
    RIGHT
  }

  static Spot left(double x, double baseline) {
    return new Spot(x, baseline, Align.LEFT);
  }

  static Spot center(double x, double baseline) {
    return new Spot(x, baseline, Align.CENTER);
  }

  static Spot right(double x, double baseline) {
    return new Spot(x, baseline, Align.RIGHT);
  }
}
