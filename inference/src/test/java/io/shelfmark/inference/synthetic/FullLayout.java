package io.shelfmark.inference.synthetic;

import java.awt.geom.Rectangle2D;
import java.util.List;

/** A tag of up to ten lines: for the cost of a photo that has many, not for accuracy. */
final class FullLayout {
  private FullLayout() {}

  static List<TagLayout> all() {
    return List.of(new TagLayout("full", 1.9, 2.2, FullLayout::print));
  }

  private static void print(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.yellow(dice), "yellow");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double right = p.width - 0.07;
    double letter = 0.066;
    Rectangle2D name = p.name(plain, Spot.left(0.07, 0.14), letter, p.width * 0.3, 5);
    double below = name.getMaxY() + 1.9 * letter;
    for (String text : List.of(p.content.country(), p.content.maker(), p.content.date())) {
      if (below < 0.72) {
        p.line(FieldKind.OTHER, text, plain, Spot.left(0.07, below), letter, p.width * 0.36);
      }
      below += 1.6 * letter;
    }
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.SUPERSCRIPT, dice);
    Rectangle2D regular =
        p.regular(lettering, p.content.regular(), Spot.right(right, 0.24), 0.15, p.width * 0.3);
    p.strike(regular, 0.012);
    p.line(
        FieldKind.DISCOUNT,
        p.content.discount(),
        bold,
        Spot.right(regular.getMinX() - 0.08, 0.22),
        0.1,
        p.width * 0.2);
    Rectangle2D price =
        p.price(lettering, p.content.price(), Spot.right(right, 0.72), 0.34, p.width * 0.5);
    p.unit(TagParts.perPiece(dice), plain, Spot.right(price.getMaxX(), 0.84), letter);
    TagParts.quantityCondition(p, plain, Spot.left(0.07, 0.84), 0.06, p.width * 0.4);
  }
}
