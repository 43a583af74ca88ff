package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;

/** Printed tags that shout: offers, two prices, posters. */
final class PromoLayouts {
  private PromoLayouts() {}

  static void redPromo(TagPainter p) {
    Dice dice = p.dice;
    Color color =
        dice.weighted(60, 20, 20) == 0
            ? Palette.red(dice)
            : dice.pick(
                Palette.green(dice),
                Palette.near(dice, 240, 100, 20),
                Palette.near(dice, 30, 60, 150));
    p.paper(color, "red");
    p.ink = Color.WHITE;
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    p.line(
        FieldKind.OTHER,
        dice.pick("АКЦИЯ", "СКИДКА", "СУПЕРЦЕНА", "ХИТ", "РАСПРОДАЖА"),
        bold,
        Spot.left(0.08, 0.2),
        dice.real(0.1, 0.14),
        p.width * 0.5);
    boolean discounted = dice.chance(0.6);
    if (discounted) {
      p.line(
          FieldKind.DISCOUNT,
          p.content.discount(),
          bold,
          Spot.right(p.width - 0.08, 0.2),
          dice.real(0.1, 0.16),
          p.width * 0.35);
    }
    Color ink = p.ink;
    if (dice.chance(0.45)) {
      p.round(Palette.white(dice), 0.05, 0.38, p.width - 0.1, 0.57, 0.05);
      p.ink = dice.chance(0.5) ? color : Palette.black(dice);
    } else if (dice.chance(0.4)) {
      p.ink = Palette.yellow(dice);
    }
    double size = dice.real(0.055, 0.08);
    Color price = p.ink;
    p.ink = price.equals(ink) || dice.chance(0.3) ? price : Palette.black(dice);
    p.name(plain, Spot.left(0.1, 0.42 + size), size, p.width * 0.55, 2);
    p.ink = price;
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT, MinorStyle.SUPERSCRIPT, MinorStyle.SMALL, MinorStyle.COMMA),
            dice);
    Rectangle2D box =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(p.width - 0.12, 0.9),
            dice.real(0.26, 0.34),
            p.width * 0.6);
    if (discounted || dice.chance(0.4)) {
      Rectangle2D regular =
          p.regular(
              lettering,
              p.content.regular(),
              Spot.left(0.1, 0.91),
              dice.real(0.1, 0.14),
              Math.max(0.2, box.getMinX() - 0.16));
      if (dice.chance(0.5)) {
        p.strike(regular, 0.014);
      }
    }
    if (p.facts.regular == null && dice.chance(0.7)) {
      TagParts.quantityCondition(
          p, bold, Spot.left(0.1, 0.76), 0.05, Math.max(0.1, box.getMinX() - 0.14));
    }
  }

  /** The price by card on the one half, the price without on the other; the first counts. */
  static void twoPrices(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.06, 0.08);
    p.name(plain, Spot.left(0.06, 0.05 + size), size, p.width * 0.9, 2);
    boolean mainRight = dice.chance(0.5);
    double half = p.width / 2;
    double main = mainRight ? half : 0;
    Color color =
        dice.pick(
            Palette.yellow(dice), Palette.red(dice), Palette.green(dice), Palette.white(dice));
    p.fill(color, main, 0.36, half, 0.48);
    Color ink = p.ink;
    p.ink = Palette.dark(color) ? Color.WHITE : ink;
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT, MinorStyle.UNDERLINED, MinorStyle.COMMA, MinorStyle.DOT),
            dice);
    double height = dice.real(0.2, 0.26);
    p.price(lettering, p.content.price(), Spot.center(main + half / 2, 0.78), height, half * 0.85);
    TagParts.cardCondition(p, plain, Spot.center(main + half / 2, 0.43), 0.038, half * 0.8, 2);
    p.ink = ink;
    double other = half - main;
    p.line(
        FieldKind.OTHER,
        TagParts.regularLabel(dice),
        plain,
        Spot.center(other + half / 2, 0.46),
        0.045,
        half * 0.8);
    p.regular(
        lettering,
        p.content.regular(),
        Spot.center(other + half / 2, 0.76),
        height * dice.real(0.5, 0.8),
        half * 0.75);
    p.unit(TagParts.perPiece(dice), plain, Spot.right(p.width - 0.05, 0.93), 0.045);
    p.bars(0.06, 0.87, p.width * 0.35, 0.09);
  }

  static void quantityDisc(TagPainter p) {
    Dice dice = p.dice;
    boolean yellow = dice.chance(0.6);
    p.paper(yellow ? Palette.yellow(dice) : Palette.white(dice), yellow ? "yellow" : "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.055, 0.075);
    p.name(plain, Spot.left(0.06, 0.06 + size), size, p.width * 0.85, 2);
    PriceLettering lettering =
        new PriceLettering(
            bold, dice.pick(MinorStyle.SUPERSCRIPT, MinorStyle.SMALL_AFTER_DOT), dice);
    if (dice.chance(0.5)) {
      // the price from N pieces is the main one
      Color ink = p.ink;
      double w = p.width * dice.real(0.5, 0.6);
      p.round(ink, p.width - w - 0.04, 0.33, w, 0.5, 0.1);
      p.ink = yellow && dice.chance(0.5) ? Palette.yellow(dice) : Color.WHITE;
      p.price(
          lettering,
          p.content.price(),
          Spot.right(p.width - 0.1, 0.78),
          dice.real(0.22, 0.28),
          w * 0.86);
      TagParts.quantityCondition(p, bold, Spot.left(p.width - w, 0.43), 0.05, w * 0.85);
      p.ink = ink;
      p.line(
          FieldKind.OTHER,
          dice.pick("за 1 шт.", "цена за 1 шт", "1 шт."),
          plain,
          Spot.left(0.06, 0.55),
          0.045,
          0.5);
      p.regular(
          lettering,
          p.content.regular(),
          Spot.left(0.06, 0.76),
          dice.real(0.12, 0.16),
          p.width - w - 0.16);
    } else {
      double d = dice.real(0.38, 0.5);
      TagParts.discOffer(p, 0.06, 0.36, d);
      p.price(
          lettering,
          p.content.price(),
          Spot.right(p.width - 0.08, 0.78),
          dice.real(0.24, 0.32),
          p.width - d - 0.25);
    }
    p.unit(TagParts.perPiece(dice), plain, Spot.right(p.width - 0.06, 0.92), 0.045);
    p.bars(0.06, 0.88, p.width * 0.4, 0.08);
  }

  static void tallPoster(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    Color color =
        dice.pick(
            Palette.green(dice), Palette.red(dice), Palette.yellow(dice), Palette.amber(dice));
    p.fill(color, 0, 0.8, p.width, 0.2);
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    boolean top = dice.chance(0.5);
    double size = dice.real(0.045, 0.06);
    p.name(plain, Spot.center(p.width / 2, top ? 0.42 : 0.12), size, p.width * 0.9, 2);
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(MinorStyle.SUPERSCRIPT, MinorStyle.SUPERSCRIPT, MinorStyle.COMMA),
            dice);
    p.price(
        lettering,
        p.content.price(),
        Spot.center(p.width / 2, top ? 0.25 : 0.5),
        dice.real(0.13, 0.2),
        p.width * 0.85);
    if (top && dice.chance(0.6)) {
      TagParts.cardCondition(p, plain, Spot.center(p.width / 2, 0.05), 0.02, p.width * 0.7, 1);
    }
    if (dice.chance(0.6)) {
      p.line(
          FieldKind.OTHER,
          TagParts.regularLabel(dice),
          plain,
          Spot.left(p.width * 0.45, 0.62),
          0.022,
          p.width * 0.5);
      p.regular(
          lettering, p.content.regular(), Spot.left(p.width * 0.45, 0.7), 0.05, p.width * 0.5);
    }
    p.qr(p.width * 0.1, 0.62, 0.1);
    p.ink = Palette.dark(color) ? Color.WHITE : p.ink;
    p.line(
        FieldKind.OTHER,
        dice.pick("АКЦИЯ %", "СКИДКА", "Свежее", "ВЫГОДНО"),
        bold,
        Spot.center(p.width / 2, 0.93),
        0.07,
        p.width * 0.9);
  }
}
