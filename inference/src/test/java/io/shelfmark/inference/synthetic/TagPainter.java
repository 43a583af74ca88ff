package io.shelfmark.inference.synthetic;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paints one flat tag and notes where each field's ink lies. The unit is the tag's height; the
 * origin its top left corner.
 */
final class TagPainter {
  final Dice dice;
  final FontShelf fonts;
  final Lexicon lexicon;
  final TagContent content;
  final TagFacts facts = new TagFacts();
  final double width;
  Color ink = Color.BLACK;

  private final double scale;
  private final double left;
  private final double top;
  private final BufferedImage image;
  private final Graphics2D graphics;
  private final List<FlatField> fields = new ArrayList<>();

  TagPainter(Dice dice, Press press, TagLayout layout, double pixelHeight) {
    this.dice = dice;
    this.fonts = press.fonts();
    this.lexicon = press.lexicon();
    this.content = TagContent.of(dice.split(), press.lexicon());
    this.width = dice.real(layout.minWidth(), layout.maxWidth());
    this.scale = pixelHeight;
    Bleed bleed = layout.bleed();
    this.left = bleed.side();
    this.top = bleed.above();
    this.image =
        new BufferedImage(
            Math.max(2, (int) Math.ceil((width + 2 * bleed.side()) * scale)),
            Math.max(2, (int) Math.ceil((1 + bleed.above() + bleed.below()) * scale)),
            BufferedImage.TYPE_INT_ARGB_PRE);
    this.graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(scale, scale);
    graphics.translate(left, top);
  }

  FlatTag finish(String layout) {
    graphics.dispose();
    return new FlatTag(layout, image, scale, width, left, top, List.copyOf(fields), facts);
  }

  void paper(Color color, String name) {
    facts.paper = name;
    fill(color, 0, 0, width, 1);
  }

  void fill(Color color, double x, double y, double w, double h) {
    fill(color, new Rectangle2D.Double(x, y, w, h));
  }

  void fill(Color color, Shape shape) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  void round(Color color, double x, double y, double w, double h, double radius) {
    fill(color, new RoundRectangle2D.Double(x, y, w, h, radius, radius));
  }

  void frame(Color color, double x, double y, double w, double h, double thickness) {
    stroke(color, new Rectangle2D.Double(x, y, w, h), thickness);
  }

  void stroke(Color color, Shape shape, double thickness) {
    graphics.setColor(color);
    graphics.setStroke(
        new BasicStroke((float) thickness, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    graphics.draw(shape);
  }

  /**
   * Paints through a transform around the origin of units; boxes noted meanwhile would be wrong, so
   * only decoration may.
   */
  void turned(double angle, double x, double y, Runnable decoration) {
    AffineTransform before = graphics.getTransform();
    int noted = fields.size();
    graphics.rotate(angle, x, y);
    decoration.run();
    graphics.setTransform(before);
    fields.subList(noted, fields.size()).clear();
  }

  /**
   * One line of text, at most {@code limit} wide (squeezed otherwise), noted as a field of this
   * kind unless null.
   */
  Rectangle2D line(
      @Nullable FieldKind kind,
      String text,
      Typeface face,
      Spot spot,
      double height,
      double limit) {
    return place(kind, text, face.outline(text, height, dice.chance(0.15) ? 0.05 : 0), spot, limit);
  }

  /** Lines of one text under each other, noted as one field. */
  Rectangle2D block(
      FieldKind kind, List<String> lines, Typeface face, Spot spot, double height, double limit) {
    Rectangle2D all = null;
    double y = spot.baseline();
    for (String text : lines) {
      Rectangle2D box = line(null, text, face, new Spot(spot.x(), y, spot.align()), height, limit);
      all = all == null ? box : all.createUnion(box);
      y += height * 1.5;
    }
    String text = String.join(" ", lines);
    note(kind, text, all);
    return all;
  }

  /** The product name in one to {@code most} lines, each a field. Returns the box of all. */
  Rectangle2D name(Typeface face, Spot spot, double height, double limit, int most) {
    double letter = face.glyph('о').advance() * 1.12 * height;
    List<String> lines = content.name().lines(Math.max(6, (int) (limit / letter)), most);
    Rectangle2D all = new Rectangle2D.Double(spot.x(), spot.baseline(), 0, 0);
    double leading = height * dice.real(1.4, 1.8);
    for (int i = 0; i < lines.size(); i++) {
      Spot at = new Spot(spot.x(), spot.baseline() + i * leading, spot.align());
      Rectangle2D box = line(FieldKind.NAME, lines.get(i), face, at, height, limit);
      all = i == 0 ? box : all.createUnion(box);
    }
    return all;
  }

  /** The main price. */
  Rectangle2D price(
      PriceLettering lettering, Amount amount, Spot spot, double height, double limit) {
    facts.price = amount;
    return amount(FieldKind.PRICE, lettering, amount, spot, height, limit);
  }

  /**
   * A currency's symbol beside the main price, where {@code spot} says. The price's field then
   * holds both. Returns the box of both.
   */
  Rectangle2D signed(Rectangle2D price, String symbol, Typeface face, Spot spot, double height) {
    Rectangle2D box = line(null, symbol, face, spot, height, width);
    if (box.isEmpty()) {
      return price;
    }
    Rectangle2D both = price.createUnion(box);
    fields.replaceAll(
        field ->
            field.kind() != FieldKind.PRICE
                ? field
                : new FlatField(
                    FieldKind.PRICE,
                    box.getCenterX() < price.getCenterX()
                        ? symbol + field.text()
                        : field.text() + symbol,
                    both,
                    field.line()));
    return both;
  }

  /** The second, regular price. */
  Rectangle2D regular(
      PriceLettering lettering, Amount amount, Spot spot, double height, double limit) {
    facts.regular = amount;
    return amount(FieldKind.REGULAR, lettering, amount, spot, height, limit);
  }

  Rectangle2D amount(
      FieldKind kind,
      PriceLettering lettering,
      Amount amount,
      Spot spot,
      double height,
      double limit) {
    return place(kind, amount.text(), lettering.outline(amount, height), spot, limit);
  }

  /** The unit under raised kopecks, as wide as they are; beside the price where there are none. */
  void unitUnder(
      Rectangle2D price, PriceLettering lettering, String text, Typeface face, double height) {
    double room = price.getWidth() * lettering.minorShare();
    if (room > 0.08) {
      facts.unit = text;
      double baseline = price.getMaxY() - dice.real(0, 0.03);
      line(
          FieldKind.UNIT,
          text,
          face,
          Spot.right(price.getMaxX() + 0.01, baseline),
          height,
          room * 1.08);
    } else {
      unit(text, face, Spot.left(price.getMaxX() + 0.03, price.getMaxY()), height);
    }
  }

  /**
   * The height wanted, or less, so that what stands on {@code baseline} keeps clear of what is
   * above.
   */
  double clear(Rectangle2D above, double baseline, double wanted) {
    return Math.max(0.12, Math.min(wanted, baseline - above.getMaxY() - 0.035));
  }

  Rectangle2D unit(String text, Typeface face, Spot spot, double height) {
    facts.unit = text;
    return line(FieldKind.UNIT, text, face, spot, height, width);
  }

  void strike(Rectangle2D box, double thickness) {
    Path2D line = new Path2D.Double();
    double rise = dice.real(-0.2, 0.5) * box.getHeight();
    line.moveTo(box.getMinX() - 0.1 * box.getHeight(), box.getCenterY() + rise);
    line.lineTo(box.getMaxX() + 0.1 * box.getHeight(), box.getCenterY() - rise);
    stroke(ink, line, thickness);
  }

  void bars(double x, double y, double w, double h) {
    facts.barcode = content.barcode();
    Codes.bars(content.barcode(), (from, to) -> fill(ink, x + from * w, y, (to - from) * w, h));
    note(FieldKind.BARCODE, content.barcode(), new Rectangle2D.Double(x, y, w, h));
  }

  void qr(double x, double y, double size) {
    String text = dice.chance(0.5) ? content.barcode() : "https://q.ru/" + content.article();
    Codes.square(
        text, (cx, cy, cell) -> fill(ink, x + cx * size, y + cy * size, cell * size, cell * size));
    note(FieldKind.QR, text, new Rectangle2D.Double(x, y, size, size));
  }

  void note(FieldKind kind, String text, Rectangle2D box) {
    int line = (int) fields.stream().filter(field -> field.kind() == kind).count();
    fields.add(new FlatField(kind, text, box, line));
  }

  /** What is left between the spot and the edge of the tag. */
  private double room(Spot spot) {
    return switch (spot.align()) {
      case LEFT -> width - spot.x() - 0.02;
      case CENTER -> 2 * Math.min(spot.x(), width - spot.x()) - 0.03;
      case RIGHT -> spot.x() - 0.02;
    };
  }

  private Rectangle2D place(
      @Nullable FieldKind kind, String text, Path2D outline, Spot spot, double limit) {
    Rectangle2D bounds = outline.getBounds2D();
    double room = Math.min(limit, room(spot));
    if (room < 0.05) {
      return new Rectangle2D.Double(spot.x(), spot.baseline(), 0, 0);
    }
    double squeeze = bounds.getWidth() > room ? room / bounds.getWidth() : 1;
    double flatten = squeeze < 0.8 ? squeeze / 0.8 : 1;
    double x =
        switch (spot.align()) {
          case LEFT -> spot.x() - bounds.getMinX() * squeeze;
          case CENTER -> spot.x() - bounds.getCenterX() * squeeze;
          case RIGHT -> spot.x() - bounds.getMaxX() * squeeze;
        };
    outline.transform(new AffineTransform(squeeze, 0, 0, flatten, x, spot.baseline()));
    fill(ink, outline);
    Rectangle2D box = outline.getBounds2D();
    if (kind != null && !box.isEmpty()) {
      note(kind, text, box);
    }
    return box;
  }
}
