package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/**
 * Printed tags of other shapes: produce, narrow strips, price first, price of a pack and of a
 * piece.
 */
final class MoreLayouts {
  private MoreLayouts() {}

  static void produce(TagPainter p) {
    Dice dice = p.dice;
    Color paper =
        dice.pick(
            Palette.white(dice),
            Palette.green(dice),
            Palette.yellow(dice),
            Palette.near(dice, 235, 225, 200));
    p.paper(paper, Palette.dark(paper) ? "red" : "white");
    p.ink = Palette.dark(paper) ? Palette.white(dice) : Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(dice.chance(0.3) ? p.fonts.serif() : p.fonts.plain());
    double size = dice.real(0.1, 0.15);
    Rectangle2D name = p.name(bold, Spot.center(p.width / 2, 0.08 + size), size, p.width * 0.9, 2);
    p.line(
        FieldKind.OTHER,
        p.content.country(),
        plain,
        Spot.center(p.width / 2, name.getMaxY() + 0.09),
        0.05,
        p.width * 0.6);
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT, MinorStyle.COMMA, MinorStyle.UNDERLINED, MinorStyle.SMALL),
            dice);
    double baseline = dice.real(0.78, 0.86);
    double height =
        Math.max(0.15, Math.min(dice.real(0.24, 0.34), baseline - name.getMaxY() - 0.13));
    Amount amount = dice.chance(0.3) ? p.content.price().withoutMinor() : p.content.price();
    Rectangle2D price =
        p.price(lettering, amount, Spot.center(p.width * 0.45, baseline), height, p.width * 0.72);
    String unit = dice.pick("₽/кг", "руб/кг", "за 1 кг", "руб. кг", "₽ за кг");
    if (dice.chance(0.5)) {
      p.unitUnder(price, lettering, unit, plain, 0.07);
    } else {
      p.unit(unit, plain, Spot.center(p.width * 0.5, baseline + 0.12), 0.06);
    }
  }

  static void wideStrip(TagPainter p) {
    Dice dice = p.dice;
    Color paper =
        dice.weighted(60, 40) == 0
            ? Palette.white(dice)
            : dice.pick(Palette.yellow(dice), Palette.amber(dice), Palette.red(dice));
    p.paper(paper, Palette.dark(paper) ? "red" : "white");
    p.ink = Palette.dark(paper) ? Color.WHITE : Palette.black(dice);
    Typeface bold = dice.pick(dice.chance(0.3) ? p.fonts.narrow() : p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double split = p.width * dice.real(0.5, 0.62);
    double size = dice.real(0.11, 0.17);
    p.name(plain, Spot.left(0.1, 0.12 + size), size, split - 0.2, 2);
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT,
                MinorStyle.SMALL_AFTER_DOT,
                MinorStyle.COMMA,
                MinorStyle.SMALL),
            dice);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(p.width - 0.35, 0.8),
            dice.real(0.45, 0.62),
            p.width - 0.4 - split);
    p.unitUnder(price, lettering, TagParts.rubles(dice), plain, 0.12);
    if (dice.chance(0.6)) {
      p.bars(0.1, 0.8, Math.min(1.6, split * 0.6), 0.14);
    }
  }

  static void priceLeft(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double split = p.width * dice.real(0.45, 0.58);
    Color ink = p.ink;
    if (dice.chance(0.5)) {
      Color block =
          dice.pick(
              Palette.yellow(dice),
              Palette.red(dice),
              Palette.near(dice, 30, 70, 150),
              Palette.green(dice),
              ink);
      p.fill(block, 0, 0, split, 1);
      p.ink = Palette.dark(block) ? Color.WHITE : ink;
    }
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT, MinorStyle.UNDERLINED, MinorStyle.SMALL, MinorStyle.DOT),
            dice);
    boolean withRegular = dice.chance(0.4);
    double baseline = withRegular ? dice.real(0.5, 0.58) : dice.real(0.6, 0.72);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.center(split / 2, baseline),
            dice.real(0.28, 0.4),
            split * 0.86);
    if (withRegular) {
      Rectangle2D regular =
          p.regular(
              lettering,
              p.content.regular(),
              Spot.center(split / 2, 0.88),
              dice.real(0.12, 0.18),
              split * 0.6);
      p.line(
          FieldKind.OTHER,
          TagParts.regularLabel(dice),
          plain,
          Spot.center(split / 2, regular.getMinY() - 0.035),
          0.045,
          split * 0.8);
      if (dice.chance(0.3)) {
        p.strike(regular, 0.014);
      }
    } else {
      p.unit(TagParts.perPiece(dice), plain, Spot.center(split / 2, price.getMaxY() + 0.12), 0.06);
    }
    p.ink = ink;
    double size = dice.real(0.06, 0.085);
    double x = split + 0.06;
    Rectangle2D name = p.name(plain, Spot.left(x, 0.1 + size), size, p.width - x - 0.04, 3);
    if (dice.chance(0.35)) {
      TagParts.unitPrice(
          p, plain, Spot.left(x, Math.max(0.62, name.getMaxY() + 0.2)), 0.06, p.width - x - 0.05);
    } else if (dice.chance(0.5)) {
      p.qr(x, 0.6, 0.28);
    }
    p.line(
        FieldKind.OTHER, p.content.barcode(), plain, Spot.left(x, 0.95), 0.035, p.width - x - 0.05);
  }

  /** A frame around the price of one piece, and the price of the pack, smaller. */
  static void packAndPiece(TagPainter p) {
    Dice dice = p.dice;
    p.paper(dice.chance(0.6) ? Palette.white(dice) : Palette.near(dice, 220, 232, 245), "white");
    p.ink = dice.chance(0.3) ? Palette.near(dice, 20, 40, 110) : Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface narrow = dice.pick(p.fonts.narrow());
    double size = dice.real(0.065, 0.09);
    p.name(narrow, Spot.left(0.06, 0.06 + size), size, p.width * 0.88, 2);
    double w = p.width * dice.real(0.52, 0.62);
    double x = dice.chance(0.5) ? 0.05 : p.width - w - 0.05;
    p.stroke(
        p.ink, new RoundRectangle2D.Double(x, 0.36, w, 0.56, 0.06, 0.06), dice.real(0.006, 0.014));
    PriceLettering lettering =
        new PriceLettering(
            bold, dice.pick(MinorStyle.SUPERSCRIPT, MinorStyle.COMMA, MinorStyle.DOT), dice);
    p.unit(
        dice.pick("за 1 шт", "1 шт", "цена за шт.", "₽/шт"),
        narrow,
        Spot.left(x + 0.05, 0.46),
        0.055);
    p.price(
        lettering,
        p.content.price(),
        Spot.center(x + w / 2, 0.84),
        dice.real(0.24, 0.32),
        w * 0.86);
    double other = x < 0.1 ? x + w + 0.05 : 0.06;
    double room = p.width - w - 0.2;
    String label =
        dice.pick(
            "за упаковку",
            "упак. " + dice.whole(4, 24) + " шт",
            "за блок",
            "ящик " + dice.whole(6, 20) + " шт.");
    p.line(FieldKind.OTHER, label, narrow, Spot.left(other, 0.5), 0.05, room);
    PriceLettering small = new PriceLettering(narrow, MinorStyle.COMMA, dice);
    p.amount(
        FieldKind.OTHER,
        small,
        p.content.price().dearer(dice).dearer(dice),
        Spot.left(other, 0.66),
        0.1,
        room);
    p.bars(other, 0.76, room, 0.14);
  }
}
