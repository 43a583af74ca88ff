package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Tags whose prices are not in rubles. */
final class ForeignLayouts {
  private ForeignLayouts() {}

  static List<TagLayout> all() {
    return List.of(
        new TagLayout("abroad-name-first", 1.2, 2.4, ForeignLayouts::nameFirst),
        new TagLayout("abroad-price-first", 1.2, 2.4, ForeignLayouts::priceFirst),
        new TagLayout("abroad-strip", 2.2, 3.6, ForeignLayouts::strip),
        new TagLayout(
            "abroad-e-paper", 1.5, 2.4, new Bleed(0.07, 0.09, 0.12), ForeignLayouts::screen));
  }

  private static void nameFirst(TagPainter p) {
    Dice dice = p.dice;
    stock(p);
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.055, 0.09);
    boolean centered = dice.chance(0.5);
    Rectangle2D name =
        p.name(
            plain,
            centered ? Spot.center(p.width / 2, 0.05 + size) : Spot.left(0.05, 0.05 + size),
            size,
            p.width * 0.9,
            2);
    double baseline = dice.real(0.7, 0.86);
    double height = p.clear(name, baseline, dice.real(0.2, 0.4));
    double middle = p.width * (centered ? 0.5 : dice.real(0.35, 0.65));
    Rectangle2D price = price(p, Spot.center(middle, baseline), height, p.width * 0.62);
    perUnit(p, plain, Spot.left(0.05, 0.96), 0.045);
    if (dice.chance(0.4) && price.getMinX() > 0.5) {
      p.bars(0.05, 0.6, price.getMinX() - 0.2, 0.16);
    }
  }

  private static void priceFirst(TagPainter p) {
    Dice dice = p.dice;
    stock(p);
    Typeface plain = dice.pick(p.fonts.plain());
    double height = dice.real(0.24, 0.42);
    double top = dice.real(0.06, 0.14);
    Rectangle2D price =
        price(
            p,
            Spot.center(p.width * dice.real(0.35, 0.55), top + height),
            height,
            p.width * dice.real(0.5, 0.7));
    double size = dice.real(0.06, 0.09);
    Rectangle2D name =
        p.name(plain, Spot.left(0.06, price.getMaxY() + 0.09 + size), size, p.width * 0.88, 2);
    if (name.getMaxY() < 0.8) {
      perUnit(p, plain, Spot.left(0.06, 0.95), 0.05);
      if (dice.chance(0.5)) {
        p.bars(p.width * 0.55, 0.84, p.width * 0.38, 0.1);
      }
    }
  }

  private static void strip(TagPainter p) {
    Dice dice = p.dice;
    stock(p);
    Typeface plain = dice.pick(dice.chance(0.4) ? p.fonts.narrow() : p.fonts.plain());
    double half = p.width / 2;
    boolean priceRight = dice.chance(0.6);
    double size = dice.real(0.09, 0.14);
    p.name(plain, Spot.left(priceRight ? 0.08 : half + 0.1, 0.1 + size), size, half - 0.2, 2);
    price(
        p,
        Spot.center(priceRight ? half * 1.5 : half * 0.5, dice.real(0.7, 0.85)),
        dice.real(0.4, 0.6),
        half * 0.66);
    perUnit(p, plain, Spot.left(priceRight ? 0.08 : half + 0.1, 0.9), 0.07);
  }

  private static void screen(TagPainter p) {
    ScreenLayouts.casing(p);
    Dice dice = p.dice;
    boolean dark = dice.chance(0.2);
    p.paper(dark ? Palette.black(dice) : Palette.gray(dice, 212), dark ? "red" : "white");
    p.ink = dark ? Palette.gray(dice, 225) : Palette.black(dice);
    double size = dice.real(0.07, 0.1);
    Rectangle2D name =
        p.name(dice.pick(p.fonts.narrow()), Spot.left(0.05, 0.06 + size), size, p.width * 0.9, 2);
    double baseline = dice.real(0.72, 0.86);
    if (dice.chance(0.4)) {
      p.ink = Palette.red(dice);
    }
    Rectangle2D price =
        price(
            p,
            Spot.center(p.width * dice.real(0.4, 0.6), baseline),
            p.clear(name, baseline, dice.real(0.26, 0.42)),
            p.width * 0.6);
    if (dice.chance(0.4) && price.getMaxX() < p.width - 0.35) {
      p.qr(p.width - 0.3, 0.45, 0.24);
    }
  }

  /** The price and, beside it, its sign. */
  private static Rectangle2D price(TagPainter p, Spot spot, double height, double limit) {
    Dice dice = p.dice;
    MoneySign sign = dice.pick(MoneySign.ABROAD);
    Amount amount =
        sign.wholeAmounts() || dice.chance(0.06)
            ? p.content.price().withoutMinor()
            : p.content.price();
    PriceLettering lettering =
        new PriceLettering(
            dice.pick(dice.chance(0.25) ? p.fonts.narrow() : p.fonts.bold()),
            dice.pick(
                MinorStyle.COMMA,
                MinorStyle.DOT,
                MinorStyle.SUPERSCRIPT,
                MinorStyle.SUPERSCRIPT,
                MinorStyle.SMALL_AFTER_DOT,
                MinorStyle.UNDERLINED),
            dice);
    Rectangle2D price = p.price(lettering, amount, spot, height, limit);
    return sign.print(p, price, dice.pick(dice.chance(0.6) ? p.fonts.bold() : p.fonts.plain()));
  }

  private static void perUnit(TagPainter p, Typeface face, Spot spot, double height) {
    Dice dice = p.dice;
    if (dice.chance(0.5)) {
      String amount = dice.whole(1, 39) + dice.pick(",", ".") + dice.digits(2);
      String text =
          dice.pick("1 kg = ", "1 l = ", "100 g = ", "per kg ", "1 кг = ", "KG ")
              + amount
              + dice.pick(" €", "€", " EUR", "$", " ₸", "");
      p.line(FieldKind.OTHER, text, face, spot, height, p.width * 0.42);
    }
  }

  private static void stock(TagPainter p) {
    Dice dice = p.dice;
    switch (dice.weighted(60, 20, 20)) {
      case 0 -> p.paper(Palette.white(dice), "white");
      case 1 -> p.paper(Palette.yellow(dice), "yellow");
      default -> p.paper(dice.color(0.5, 1, 0.2, 0.6), "red");
    }
    p.ink = p.facts.paper.equals("red") ? Color.WHITE : Palette.black(dice);
  }
}
