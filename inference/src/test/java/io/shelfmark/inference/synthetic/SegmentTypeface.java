package io.shelfmark.inference.synthetic;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;

/** Seven-segment digits as on an LCD price rail; other characters are blank. */
record SegmentTypeface(double thickness, double width, double slant) implements Typeface {
  /** Bits a..g: top, top right, bottom right, bottom, bottom left, top left, middle. */
  private static final int[] SEGMENTS = {
    0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F
  };

  @Override
  public String name() {
    return "segments";
  }

  @Override
  public Glyph glyph(int character) {
    Path2D path = new Path2D.Double();
    double advance = width + 0.2;
    if (character >= '0' && character <= '9') {
      int lit = SEGMENTS[character - '0'];
      double t = thickness;
      horizontal(path, lit & 1, -1);
      horizontal(path, lit & 8, -t);
      horizontal(path, lit & 64, -0.5 - t / 2);
      vertical(path, lit & 2, width - t, -1);
      vertical(path, lit & 4, width - t, -0.5);
      vertical(path, lit & 16, 0, -0.5);
      vertical(path, lit & 32, 0, -1);
    } else if (character == '.') {
      path.append(
          new java.awt.geom.Rectangle2D.Double(-0.02, -thickness, thickness, thickness), false);
      advance = 0.14;
    }
    path.transform(new AffineTransform(1, 0, -slant, 1, 0, 0));
    return new Glyph(path, advance);
  }

  private void horizontal(Path2D path, int lit, double y) {
    if (lit != 0) {
      double t = thickness;
      polygon(path, 0.15 * t, y, width - 0.15 * t, y, width - t, y + t, t, y + t);
    }
  }

  private void vertical(Path2D path, int lit, double x, double y) {
    if (lit != 0) {
      double t = thickness;
      double gap = 0.02;
      polygon(
          path,
          x,
          y + gap + t * 0.3,
          x + t,
          y + gap + t * 0.5,
          x + t,
          y + 0.5 - gap,
          x,
          y + 0.5 - gap);
    }
  }

  private static void polygon(Path2D path, double... points) {
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
  }
}
