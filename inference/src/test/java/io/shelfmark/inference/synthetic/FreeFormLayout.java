package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;

/**
 * Tags of chains that do not exist: where everything stands, and how, is thrown. They keep models
 * from learning places by heart.
 */
final class FreeFormLayout {
  private FreeFormLayout() {}

  /** Name and price in two corners, the rest where room is left. */
  static void print(TagPainter p) {
    Dice dice = p.dice;
    stock(p);
    Typeface face = dice.pick(dice.chance(0.25) ? p.fonts.narrow() : p.fonts.bold());
    Typeface plain = dice.pick(dice.chance(0.1) ? p.fonts.serif() : p.fonts.plain());
    boolean priceBelow = dice.chance(0.8);
    double size = dice.real(0.055, 0.1);
    boolean centered = dice.chance(0.3);
    double edge = dice.real(0.04, 0.1);
    double nameTop = priceBelow ? edge : 0.62;
    Rectangle2D name =
        p.name(
            dice.chance(0.4) ? face : plain,
            centered ? Spot.center(p.width / 2, nameTop + size) : Spot.left(edge, nameTop + size),
            size,
            p.width - 2 * edge,
            priceBelow ? 3 : 2);
    double baseline = priceBelow ? dice.real(0.74, 0.86) : dice.real(0.4, 0.5);
    double wanted = dice.real(0.2, 0.42);
    Rectangle2D price =
        pricePart(
            p,
            face,
            plain,
            baseline,
            priceBelow ? p.clear(name, baseline, wanted) : Math.min(wanted, baseline - 0.06));
    boolean atLeft = price.getCenterX() < p.width / 2;
    double room = atLeft ? p.width - edge - price.getMaxX() - 0.2 : price.getMinX() - edge - 0.06;
    Spot beside =
        atLeft
            ? Spot.right(p.width - edge, price.getCenterY())
            : Spot.left(edge, price.getCenterY());
    if (room > 0.2) {
      switch (dice.weighted(25, 20, 15, 10, 18, 12)) {
        case 0 ->
            second(
                p,
                face,
                plain,
                new Spot(beside.x(), price.getMaxY(), beside.align()),
                price.getHeight() * dice.real(0.34, 0.5),
                room);
        case 1 ->
            p.line(
                FieldKind.DISCOUNT,
                p.content.discount(),
                face,
                beside,
                dice.real(0.08, 0.13),
                room);
        case 2 -> TagParts.cardCondition(p, plain, beside, dice.real(0.035, 0.05), room, 3);
        case 3 -> TagParts.quantityCondition(p, plain, beside, dice.real(0.04, 0.06), room);
        case 5 -> TagParts.unitPrice(p, plain, beside, dice.real(0.05, 0.08), room);
        default ->
            p.line(
                FieldKind.OTHER,
                dice.pick(
                    p.content.country(),
                    p.content.article(),
                    "арт. " + p.content.article(),
                    dice.whole(1, 30) + "," + dice.whole(0, 9) + "%"),
                plain,
                beside,
                0.05,
                room);
      }
    }
    if (priceBelow && dice.chance(0.6)) {
      double w = dice.real(0.25, 0.5) * p.width;
      p.bars(atLeft ? p.width - edge - w : edge, 0.89, w, 0.07);
    }
    if (dice.chance(0.5)) {
      TagParts.smallPrint(p, p.width - edge, 0.985, dice.real(0.022, 0.032));
    }
  }

  /** Everything under each other. */
  static void rows(TagPainter p) {
    Dice dice = p.dice;
    stock(p);
    Typeface face = dice.pick(dice.chance(0.25) ? p.fonts.narrow() : p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double middle = p.width / 2;
    if (dice.chance(0.5)) {
      Color band = dice.color(0.4, 1, 0.3, 0.9);
      Color ink = p.ink;
      p.fill(band, 0, 0, p.width, 0.2);
      p.ink = Palette.dark(band) ? Color.WHITE : Palette.black(dice);
      p.line(
          FieldKind.OTHER,
          p.lexicon.exact(dice, "banner"),
          face,
          Spot.center(middle, 0.14),
          0.08,
          p.width * 0.9);
      p.ink = ink;
    }
    double size = dice.real(0.055, 0.08);
    Rectangle2D name = p.name(plain, Spot.center(middle, 0.24 + size), size, p.width * 0.9, 2);
    double baseline = dice.real(0.68, 0.73);
    Rectangle2D price =
        pricePart(p, face, plain, baseline, p.clear(name, baseline, dice.real(0.2, 0.32)));
    if (dice.chance(0.5)) {
      second(p, face, plain, Spot.center(middle, 0.94), dice.real(0.08, 0.1), p.width * 0.6);
    } else if (dice.chance(0.4)) {
      TagParts.cardCondition(
          p, plain, Spot.center(middle, price.getMaxY() + 0.08), 0.033, p.width * 0.8, 3);
    } else if (dice.chance(0.5)) {
      p.bars(middle - 0.35 * p.width, 0.86, 0.7 * p.width, 0.1);
    }
  }

  private static void stock(TagPainter p) {
    Dice dice = p.dice;
    switch (dice.weighted(55, 15, 10, 10, 10)) {
      case 0 -> p.paper(Palette.white(dice), "white");
      case 1 -> p.paper(Palette.yellow(dice), "yellow");
      case 2 -> p.paper(Palette.amber(dice), "amber");
      case 3 -> p.paper(dice.color(0.05, 0.4, 0.8, 1), "white");
      default -> p.paper(dice.color(0.5, 1, 0.2, 0.55), "red");
    }
    boolean onDark = p.facts.paper.equals("red");
    p.ink =
        onDark
            ? Palette.white(dice)
            : dice.chance(0.2) ? dice.color(0.6, 1, 0.15, 0.5) : Palette.black(dice);
  }

  private static Rectangle2D pricePart(
      TagPainter p, Typeface face, Typeface plain, double baseline, double height) {
    Dice dice = p.dice;
    MinorStyle style = dice.pick(MinorStyle.values());
    if (style == MinorStyle.NOTHING) {
      style = MinorStyle.SUPERSCRIPT;
    }
    Amount amount = dice.chance(0.15) ? p.content.price().withoutMinor() : p.content.price();
    PriceLettering lettering = new PriceLettering(face, style, dice);
    double limit = p.width * dice.real(0.5, 0.7);
    Spot spot =
        switch (dice.weighted(30, 25, 45)) {
          case 0 -> Spot.left(0.2, baseline);
          case 1 -> Spot.center(p.width / 2, baseline);
          default -> Spot.right(p.width - 0.22, baseline);
        };
    Color ink = p.ink;
    if (dice.chance(0.2)) {
      p.ink =
          Palette.dark(ink)
              ? dice.pick(Palette.red(dice), Palette.near(dice, 20, 60, 140))
              : Palette.yellow(dice);
    }
    Rectangle2D price = p.price(lettering, amount, spot, height, limit);
    price = dice.pick(MoneySign.NEAR).print(p, price, dice.chance(0.5) ? face : plain);
    p.ink = ink;
    return price;
  }

  private static void second(
      TagPainter p, Typeface face, Typeface plain, Spot spot, double height, double limit) {
    Dice dice = p.dice;
    PriceLettering lettering =
        new PriceLettering(
            dice.chance(0.5) ? face : plain,
            dice.pick(MinorStyle.SUPERSCRIPT, MinorStyle.COMMA, MinorStyle.DOT, MinorStyle.SMALL),
            dice);
    Rectangle2D regular = p.regular(lettering, p.content.regular(), spot, height, limit);
    if (dice.chance(0.3)) {
      p.strike(regular, 0.012);
    }
    if (dice.chance(0.7)) {
      p.line(
          FieldKind.OTHER,
          TagParts.regularLabel(dice),
          plain,
          new Spot(spot.x(), regular.getMinY() - 0.03, spot.align()),
          0.04,
          limit);
    }
  }
}
