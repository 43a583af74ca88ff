package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Electronic labels: e-paper and LCD. */
final class ScreenLayouts {
  private ScreenLayouts() {}

  static List<TagLayout> all() {
    return List.of(
        new TagLayout("e-paper", 1.5, 2.4, new Bleed(0.07, 0.09, 0.12), ScreenLayouts::paper),
        new TagLayout(
            "e-paper-inverted", 1.5, 2.4, new Bleed(0.07, 0.09, 0.12), ScreenLayouts::inverted),
        new TagLayout("segments", 1.6, 3.0, new Bleed(0.1, 0.12, 0.12), ScreenLayouts::segments));
  }

  static void casing(TagPainter p) {
    Color color = p.dice.chance(0.7) ? Palette.gray(p.dice, 225) : Palette.gray(p.dice, 42);
    double rim = p.dice.real(0.03, 0.065);
    p.round(color, -rim, -rim, p.width + 2 * rim, 1 + 2 * rim, 0.08);
    p.facts.esl = true;
  }

  private static void paper(TagPainter p) {
    casing(p);
    Dice dice = p.dice;
    boolean yellow = dice.chance(0.25);
    p.paper(yellow ? Palette.yellow(dice) : Palette.gray(dice, 214), yellow ? "yellow" : "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    double size = dice.real(0.07, 0.1);
    Typeface narrow = dice.pick(p.fonts.narrow());
    Rectangle2D name = p.name(narrow, Spot.left(0.05, 0.06 + size), size, p.width * 0.9, 2);
    Color second = dice.chance(0.5) ? Palette.red(dice) : p.ink;
    double right = p.width - 0.07;
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT, MinorStyle.UNDERLINED, MinorStyle.COMMA, MinorStyle.SMALL),
            dice);
    Color ink = p.ink;
    if (dice.chance(0.35)) {
      p.fill(second, p.width * 0.35, 0.36, p.width * 0.65, 0.47);
      p.ink = Palette.dark(second) ? Palette.white(dice) : ink;
    } else if (dice.chance(0.5)) {
      p.ink = second;
    }
    p.price(
        lettering,
        p.content.price(),
        Spot.right(right, 0.76),
        p.clear(name, 0.76, dice.real(0.28, 0.38)),
        p.width * 0.6);
    p.ink = ink;
    if (dice.chance(0.45)) {
      Rectangle2D regular =
          p.regular(lettering, p.content.regular(), Spot.left(0.06, 0.6), 0.12, p.width * 0.27);
      if (dice.chance(0.5)) {
        p.strike(regular, 0.012);
      } else {
        p.line(
            FieldKind.OTHER,
            TagParts.regularLabel(dice),
            narrow,
            Spot.left(0.06, regular.getMaxY() + 0.07),
            0.045,
            p.width * 0.27);
      }
    }
    p.unit(TagParts.perPiece(dice), narrow, Spot.right(right, 0.9), 0.055);
    p.bars(0.06, 0.84, p.width * dice.real(0.3, 0.45), 0.1);
    p.line(FieldKind.OTHER, p.content.date(), narrow, Spot.left(p.width * 0.52, 0.97), 0.035, 0.4);
  }

  private static void inverted(TagPainter p) {
    casing(p);
    Dice dice = p.dice;
    boolean red = dice.chance(0.4);
    p.paper(red ? Palette.red(dice) : Palette.black(dice), red ? "red" : "black");
    p.ink = Palette.gray(dice, 216);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.065, 0.09);
    Rectangle2D name =
        p.name(
            dice.chance(0.5) ? bold : plain, Spot.left(0.06, 0.06 + size), size, p.width * 0.88, 2);
    PriceLettering lettering =
        new PriceLettering(
            bold,
            dice.pick(
                MinorStyle.SUPERSCRIPT,
                MinorStyle.DOT,
                MinorStyle.SMALL_AFTER_DOT,
                MinorStyle.SMALL),
            dice);
    double x = dice.real(0.06, 0.2);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.left(x, 0.74),
            p.clear(name, 0.74, dice.real(0.26, 0.4)),
            p.width * 0.66);
    p.unit(
        TagParts.rubles(dice),
        plain,
        Spot.left(price.getMaxX() + 0.04, 0.74),
        dice.real(0.07, 0.12));
    if (dice.chance(0.4)) {
      p.line(
          FieldKind.DISCOUNT,
          p.content.discount(),
          bold,
          Spot.right(p.width - 0.06, 0.9),
          0.1,
          0.5);
      p.regular(lettering, p.content.regular(), Spot.left(x, 0.92), 0.1, 0.6);
    } else if (dice.chance(0.3)) {
      TagParts.cardCondition(p, plain, Spot.left(x, 0.86), 0.05, 1, 2);
    }
  }

  private static void segments(TagPainter p) {
    casing(p);
    Dice dice = p.dice;
    Color glass = Palette.near(dice, 168, 178, 160);
    p.paper(glass, "white");
    Color ink = Palette.mix(Palette.black(dice), glass, dice.real(0, 0.35));
    Typeface digits =
        new SegmentTypeface(dice.real(0.1, 0.17), dice.real(0.5, 0.62), dice.real(0, 0.12));
    Amount amount = p.content.price();
    if (dice.chance(0.5)) {
      p.ink = Palette.mix(ink, glass, 0.93);
      p.line(
          null,
          "8".repeat(amount.major().length() + 2),
          digits,
          Spot.right(p.width - 0.3, 0.75),
          0.5,
          p.width - 0.4);
    }
    p.ink = ink;
    MinorStyle style =
        dice.pick(MinorStyle.NOTHING, MinorStyle.NOTHING, MinorStyle.DOT, MinorStyle.SMALL);
    PriceLettering lettering = new PriceLettering(digits, style, dice);
    Rectangle2D price =
        p.price(lettering, amount, Spot.right(p.width - 0.3, 0.75), 0.5, p.width - 0.4);
    Typeface plain = dice.pick(p.fonts.plain());
    p.unit(TagParts.rubles(dice), plain, Spot.left(price.getMaxX() + 0.05, 0.75), 0.09);
    if (dice.chance(0.4)) {
      p.line(
          FieldKind.OTHER,
          dice.pick("EUR", "kg", "PROMO", "1 L", "" + dice.whole(100, 999)),
          plain,
          Spot.left(0.06, 0.95),
          0.07,
          0.5);
    }
  }
}
