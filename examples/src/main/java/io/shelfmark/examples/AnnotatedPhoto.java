package io.shelfmark.examples;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceTag;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A photo with its tags drawn in: an outline in the color of its confidence, a dot where the tag's
 * top left corner is, and a plate with price and confidence. Sizes follow the photo, so that the
 * plates can be read in 640 pixels and in 12 MP.
 */
final class AnnotatedPhoto {

  private static final double STROKE_SHARE = 0.0028;
  private static final double MIN_STROKE = 2;
  private static final double TEXT_SHARE = 0.019;
  private static final double MIN_TEXT_SHARE = 0.009;
  private static final double MIN_TEXT = 13;
  private static final Color PLATE = new Color(16, 18, 22, 225);
  private static final Color HALO = new Color(0, 0, 0, 150);

  private final BufferedImage image;
  private final Font font;
  private final double side;
  private final List<Rectangle2D> plates = new ArrayList<>();

  private AnnotatedPhoto(BufferedImage image, Font font) {
    this.image = image;
    this.font = font;
    this.side = Math.max(image.getWidth(), image.getHeight());
  }

  /** Draws {@code tags} into a copy of {@code photo}. */
  static BufferedImage draw(BufferedImage photo, List<PriceTag> tags, Font font) {
    BufferedImage copy =
        new BufferedImage(photo.getWidth(), photo.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(photo, 0, 0, null);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    AnnotatedPhoto annotated = new AnnotatedPhoto(copy, font);
    tags.forEach(tag -> annotated.outline(graphics, tag));
    tags.forEach(tag -> annotated.plate(graphics, tag));
    graphics.dispose();
    return copy;
  }

  private double stroke() {
    return Math.max(MIN_STROKE, side * STROKE_SHARE);
  }

  private void outline(Graphics2D graphics, PriceTag tag) {
    Outline outline = tag.detection().outline();
    Path2D path = new Path2D.Double();
    path.moveTo(outline.topLeft().x(), outline.topLeft().y());
    outline.corners().subList(1, 4).forEach(corner -> path.lineTo(corner.x(), corner.y()));
    path.closePath();
    draw(graphics, path, HALO, 2 * stroke());
    draw(graphics, path, ConfidenceColor.of(tag).color, stroke());
    double radius = 1.8 * stroke();
    Point first = outline.topLeft();
    graphics.fill(
        new Ellipse2D.Double(first.x() - radius, first.y() - radius, 2 * radius, 2 * radius));
  }

  private static void draw(Graphics2D graphics, Path2D path, Color color, double width) {
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.setColor(color);
    graphics.draw(path);
  }

  private void plate(Graphics2D graphics, PriceTag tag) {
    String price = TagText.price(tag.price());
    String text = (price.isEmpty() ? "?" : price) + "  " + TagText.percent(tag.confidence());
    Box box = tag.detection().box();
    double size = textSize(graphics, text, box);
    GlyphVector glyphs =
        font.deriveFont((float) size).createGlyphVector(graphics.getFontRenderContext(), text);
    double padding = size * 0.35;
    double width = glyphs.getLogicalBounds().getWidth() + 2 * padding;
    double height = size * 1.45;
    Rectangle2D place = place(box, width, height);
    plates.add(place);
    graphics.setColor(PLATE);
    graphics.fill(
        new RoundRectangle2D.Double(place.getX(), place.getY(), width, height, padding, padding));
    graphics.setColor(ConfidenceColor.of(tag).color);
    graphics.fill(
        AffineTransform.getTranslateInstance(place.getX() + padding, place.getY() + size * 1.07)
            .createTransformedShape(glyphs.getOutline()));
  }

  /** As wide as the tag if that can still be read, and never larger than suits the photo. */
  private double textSize(Graphics2D graphics, String text, Box tag) {
    double unit =
        font.deriveFont(100f)
                .createGlyphVector(graphics.getFontRenderContext(), text)
                .getLogicalBounds()
                .getWidth()
            / 100;
    double fitting = tag.width() / (unit + 0.7);
    double least = Math.max(MIN_TEXT, side * MIN_TEXT_SHARE);
    return Math.max(least, Math.min(Math.max(MIN_TEXT, side * TEXT_SHARE), fitting));
  }

  /**
   * Above the tag, else below it, else inside: the first place in the photo that no other plate
   * has.
   */
  private Rectangle2D place(Box tag, double width, double height) {
    double x = Math.max(0, Math.min(image.getWidth() - width, tag.left()));
    double gap = 1.5 * stroke();
    double[] tops = {
      tag.top() - height - gap, tag.bottom() + gap, tag.top() + gap, tag.bottom() - height - gap
    };
    for (double top : tops) {
      Rectangle2D place = new Rectangle2D.Double(x, top, width, height);
      if (top >= 0
          && top + height <= image.getHeight()
          && plates.stream().noneMatch(place::intersects)) {
        return place;
      }
    }
    double top = Math.max(0, Math.min(image.getHeight() - height, tops[0]));
    return new Rectangle2D.Double(x, top, width, height);
  }
}
