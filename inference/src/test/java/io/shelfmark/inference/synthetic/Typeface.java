package io.shelfmark.inference.synthetic;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;

/**
 * Draws characters as outlines, 1 unit being the height of a capital letter or digit. Thread-safe.
 */
interface Typeface {

  String name();

  Glyph glyph(int character);

  /**
   * One character: its outline with the origin at the left of the baseline, y downwards, and its
   * advance width.
   */
  record Glyph(Path2D outline, double advance) {}

  /** The text's outline at a capital height, with the origin at the left of the baseline. */
  default Path2D outline(String text, double height, double tracking) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      i += Character.charCount(character);
      Glyph glyph = glyph(character);
      path.append(
          glyph.outline().getPathIterator(new AffineTransform(height, 0, 0, height, x, 0)), false);
      x += (glyph.advance() + tracking) * height;
    }
    return path;
  }

  /** This typeface made wider or narrower, and slanted. */
  default Typeface shaped(double stretch, double slant) {
    return new ShapedTypeface(this, stretch, slant);
  }
}
