package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * Tags after those of the chains in the price-tag data; every proportion drawn around the measured
 * one.
 */
final class ChainLayouts {
  private ChainLayouts() {}

  static List<TagLayout> all() {
    return List.of(
        new TagLayout("corner-superscript", 1.75, 2.5, ChainLayouts::cornerSuperscript),
        new TagLayout("corner-superscript-offer", 1.9, 2.5, ChainLayouts::cornerOffer),
        new TagLayout("dotted-half", 1.5, 2.0, ChainLayouts::dottedHalf),
        new TagLayout("centered-name", 1.5, 1.95, CenteredLayouts::centeredName),
        new TagLayout(
            "centered-name-card",
            1.4,
            1.95,
            new Bleed(0.14, 0.85, 0.1),
            CenteredLayouts::centeredCard));
  }

  private static void cornerSuperscript(TagPainter p) {
    Dice dice = p.dice;
    corner(p, dice.chance(0.25));
  }

  private static void cornerOffer(TagPainter p) {
    corner(p, true);
  }

  private static void corner(TagPainter p, boolean offer) {
    Dice dice = p.dice;
    int stock = dice.weighted(55, 25, 20);
    p.paper(
        switch (stock) {
          case 0 -> Palette.white(dice);
          case 1 -> Palette.amber(dice);
          default -> Palette.yellow(dice);
        },
        new String[] {"white", "amber", "yellow"}[stock]);
    p.ink = Palette.black(dice);
    double left = 0.06;
    if (stock > 0 || dice.chance(0.2)) {
      double w = dice.real(0.15, 0.24);
      Color strip =
          dice.chance(0.5) ? p.ink : Palette.mix(p.ink, Palette.amber(dice), dice.real(0.2, 0.8));
      TagParts.sideStrip(
          p, 0, w, strip, dice.pick("Выгодно", "Скидка", "Новинка", "Скидка", "Акция"));
      left += w;
    }
    double right = p.width - 0.05;
    boolean card = offer && dice.chance(0.6);
    if (card) {
      right -= cardBox(p, right, dice.real(0.38, 0.5));
    } else if (dice.chance(0.25)) {
      double w = dice.real(0.28, 0.4);
      if (dice.chance(0.6)) {
        TagParts.badge(p, right - w, 0.14, w, w * 0.8);
      } else {
        TagParts.discOffer(p, right - w, 0.3, w);
      }
      right -= w + 0.04;
    }
    Typeface plain = dice.pick(p.fonts.plain());
    Typeface title = dice.chance(0.5) ? plain : dice.pick(p.fonts.bold());
    double nameHeight = dice.real(0.055, 0.085);
    double nameWidth = (right - left) * (offer ? 0.62 : dice.real(0.7, 1));
    Rectangle2D name = p.name(title, Spot.left(left, 0.07 + nameHeight), nameHeight, nameWidth, 3);
    if (!p.content.name().note().isEmpty()) {
      Rectangle2D note =
          p.line(
              FieldKind.OTHER,
              p.content.name().note(),
              plain,
              Spot.left(left, name.getMaxY() + 0.07),
              0.04,
              nameWidth);
      name = name.createUnion(note);
    }
    Typeface face = dice.pick(p.fonts.bold());
    MinorStyle style = dice.chance(0.85) ? MinorStyle.SUPERSCRIPT : MinorStyle.UNDERLINED;
    PriceLettering lettering = new PriceLettering(face, style, dice);
    double baseline = dice.real(0.74, 0.82);
    double height = p.clear(name, baseline, dice.real(0.26, 0.42));
    Rectangle2D price =
        p.price(
            lettering, p.content.price(), Spot.right(right - 0.02, baseline), height, right - left);
    p.unitUnder(price, lettering, TagParts.perPiece(dice), plain, dice.real(0.045, 0.065));
    if (offer) {
      double small = height * dice.real(0.38, 0.44);
      double y = Math.min(price.getMinY() - 0.04, 0.07 + small + 0.1);
      Rectangle2D regular =
          p.regular(
              lettering, p.content.regular(), Spot.right(right - 0.02, y), small, nameWidth * 0.6);
      if (dice.chance(0.75)) {
        p.line(
            FieldKind.OTHER,
            TagParts.regularLabel(dice),
            plain,
            Spot.right(right - 0.02, regular.getMinY() - 0.03),
            0.045,
            0.5);
      }
      if (dice.chance(0.12)) {
        p.strike(regular, 0.012);
      }
    }
    double barWidth = dice.real(0.6, 0.9) * Math.min(1.1, right - left);
    p.bars(right - barWidth, baseline + 0.035, barWidth, dice.real(0.06, 0.1));
    TagParts.smallPrint(p, p.width - 0.05, 0.97, dice.real(0.025, 0.035));
    if (dice.chance(0.4)) {
      p.frame(p.ink, left, 0.86, 0.07, 0.08, 0.008);
      p.line(
          null,
          dice.pick("А", "B", "Ц", "С", "D"),
          plain,
          Spot.center(left + 0.035, 0.925),
          0.045,
          0.06);
    }
    if (dice.chance(0.4)) {
      p.frame(new Color(120, 120, 120), 0.01, 0.01, p.width - 0.02, 0.98, 0.008);
    }
  }

  private static double cardBox(TagPainter p, double right, double w) {
    p.stroke(
        p.ink,
        new java.awt.geom.RoundRectangle2D.Double(right - w, 0.06, w - 0.01, 0.78, 0.08, 0.08),
        0.01);
    p.round(p.ink, right - w * 0.75, 0.12, w * 0.5, 0.16, 0.03);
    TagParts.cardCondition(
        p,
        p.dice.pick(p.fonts.plain()),
        Spot.center(right - w / 2, 0.4),
        p.dice.real(0.042, 0.055),
        w * 0.9,
        4);
    return w + 0.04;
  }

  private static void dottedHalf(TagPainter p) {
    Dice dice = p.dice;
    boolean yellow = dice.chance(0.8);
    p.paper(yellow ? Palette.yellow(dice) : Palette.white(dice), yellow ? "yellow" : "white");
    p.ink = Palette.black(dice);
    double right = p.width - dice.real(0.04, 0.09);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double nameHeight = dice.real(0.05, 0.072);
    p.name(
        dice.chance(0.6) ? bold : plain,
        Spot.left(0.06, 0.1 + nameHeight),
        nameHeight,
        (p.width - 0.12) * dice.real(0.6, 1),
        2);
    if (dice.chance(0.2)) {
      p.block(
          FieldKind.OTHER,
          List.of("продукт без", "заменителя", "молочного жира"),
          plain,
          Spot.right(right, 0.13),
          0.035,
          0.6);
    }
    double baseline = dice.real(0.58, 0.7);
    double height = dice.real(0.2, 0.3);
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.SMALL_AFTER_DOT, dice);
    Rectangle2D price =
        p.price(lettering, p.content.price(), Spot.right(right, baseline), height, p.width * 0.62);
    p.unit(
        TagParts.perPiece(dice),
        plain,
        Spot.right(right, baseline + 0.075),
        dice.real(0.04, 0.055));
    double lead = 0.06 + dice.real(0, 0.06);
    double limit = price.getMinX() - lead - 0.04;
    switch (dice.weighted(45, 35, 8, 12)) {
      case 0 ->
          slanted(
              p,
              bold,
              lead,
              baseline,
              limit,
              dice.pick("ВЫГОДНО", "СОЦ. ЦЕНА", "ВЫГОДНО", "НОВИНКА"));
      case 1 -> {
        p.line(
            FieldKind.OTHER,
            dice.pick("СКИДКА", "ВЫГОДА"),
            bold,
            Spot.left(lead, baseline - 0.12),
            0.065,
            limit);
        p.line(
            FieldKind.DISCOUNT,
            p.content.discount(),
            bold,
            Spot.left(lead, baseline),
            dice.real(0.085, 0.11),
            limit);
        p.regular(
            lettering,
            p.content.regular(),
            Spot.right(right, price.getMinY() - 0.05),
            dice.real(0.055, 0.085),
            0.5);
      }
      case 2 -> TagParts.cardCondition(p, bold, Spot.left(lead, baseline - 0.15), 0.055, limit, 3);
      default -> {}
    }
    double w = dice.real(0.7, 1);
    p.bars(right - w, 0.8, w, dice.real(0.1, 0.15));
    p.block(
        FieldKind.OTHER,
        List.of(p.content.barcode(), p.content.date()),
        plain,
        Spot.right(right - w - 0.03, 0.84),
        0.03,
        0.5);
  }

  private static void slanted(
      TagPainter p, Typeface face, double x, double y, double limit, String word) {
    double angle = p.dice.real(-0.16, 0.02);
    p.turned(
        angle,
        x,
        y,
        () -> p.line(null, word, face, Spot.left(x, y - 0.04), p.dice.real(0.07, 0.1), limit));
  }
}
