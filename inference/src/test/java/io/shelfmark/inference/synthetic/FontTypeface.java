package io.shelfmark.inference.synthetic;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A font file's typeface; characters that the font lacks come from another one. */
final class FontTypeface implements Typeface {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
  private static final float SIZE = 200;

  private final String name;
  private final Font font;
  private final Font fallback;
  private final double capHeight;
  private final Map<Integer, Glyph> glyphs = new ConcurrentHashMap<>();

  FontTypeface(String name, Font font, Font fallback) {
    this.name = name;
    this.font = font.deriveFont(SIZE);
    this.fallback = fallback.deriveFont(SIZE);
    this.capHeight =
        this.font.createGlyphVector(CONTEXT, "Н").getOutline().getBounds2D().getHeight();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Glyph glyph(int character) {
    return glyphs.computeIfAbsent(character, this::draw);
  }

  private Glyph draw(int character) {
    Font drawer = font.canDisplay(character) ? font : fallback;
    GlyphVector vector = drawer.createGlyphVector(CONTEXT, Character.toString(character));
    Path2D outline =
        new Path2D.Double(
            vector.getOutline(), AffineTransform.getScaleInstance(1 / capHeight, 1 / capHeight));
    return new Glyph(outline, vector.getGlyphMetrics(0).getAdvanceX() / capHeight);
  }
}
