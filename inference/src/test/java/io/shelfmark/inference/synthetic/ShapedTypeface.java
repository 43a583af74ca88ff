package io.shelfmark.inference.synthetic;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;

/** Another typeface, stretched along the line and slanted. */
record ShapedTypeface(Typeface base, double stretch, double slant) implements Typeface {

  @Override
  public String name() {
    return base.name();
  }

  @Override
  public Glyph glyph(int character) {
    Glyph glyph = base.glyph(character);
    Path2D outline =
        new Path2D.Double(glyph.outline(), new AffineTransform(stretch, 0, -slant, 1, 0, 0));
    return new Glyph(outline, glyph.advance() * stretch);
  }
}
