package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * Tags that no model is trained on: two big chains' ways, an e-paper of its own kind, and prices in
 * other money.
 */
final class HeldOutLayouts {
  private HeldOutLayouts() {}

  static List<TagLayout> all() {
    return List.of(
        new TagLayout("held-out-card-columns", 1.7, 2.3, HeldOutLayouts::cardColumns),
        new TagLayout("held-out-big-red", 1.5, 2.1, HeldOutLayouts::bigRed),
        new TagLayout(
            "held-out-e-paper", 1.6, 2.3, new Bleed(0.07, 0.09, 0.12), HeldOutLayouts::ePaper),
        new TagLayout("held-out-foreign", 1.3, 2.3, HeldOutLayouts::foreign));
  }

  /**
   * Лента-like: a frame with the card price large on yellow at the right, the price without at the
   * left, a blue foot.
   */
  private static void cardColumns(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double split = p.width * dice.real(0.36, 0.44);
    p.fill(Palette.near(dice, 250, 205, 20), split, 0.3, p.width - split, 0.58);
    p.fill(Palette.near(dice, 15, 40, 120), 0, 0.88, p.width, 0.12);
    p.name(plain, Spot.left(0.05, 0.12), dice.real(0.055, 0.07), p.width * 0.9, 2);
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.SUPERSCRIPT, dice);
    p.price(
        lettering,
        p.content.price(),
        Spot.center((split + p.width) / 2, 0.8),
        dice.real(0.26, 0.32),
        (p.width - split) * 0.85);
    p.block(
        FieldKind.CARD,
        List.of(dice.pick("С КАРТОЙ", "Цена с картой", "ЦЕНА С КАРТОЙ")),
        bold,
        Spot.center((split + p.width) / 2, 0.4),
        0.05,
        1);
    p.facts.conditionKind = "card";
    p.line(FieldKind.OTHER, "БЕЗ КАРТЫ", plain, Spot.center(split / 2, 0.5), 0.045, split * 0.8);
    p.regular(
        lettering,
        p.content.regular(),
        Spot.center(split / 2, 0.72),
        dice.real(0.13, 0.17),
        split * 0.8);
    p.ink = Color.WHITE;
    p.line(
        FieldKind.OTHER,
        p.content.article() + "  " + p.content.date(),
        plain,
        Spot.left(0.05, 0.96),
        0.04,
        0.9);
    p.unit("₽/шт", plain, Spot.right(p.width - 0.05, 0.96), 0.05);
  }

  /** Ашан-like: the name over the whole width, one red price, a unit price in a box. */
  private static void bigRed(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    p.name(bold, Spot.left(0.05, 0.12), dice.real(0.06, 0.08), p.width * 0.9, 2);
    p.frame(p.ink, 0.05, 0.62, p.width * 0.26, 0.22, 0.008);
    p.line(FieldKind.OTHER, "цена за 1 кг", plain, Spot.left(0.08, 0.69), 0.035, p.width * 0.2);
    PriceLettering flat = new PriceLettering(plain, MinorStyle.COMMA, dice);
    p.amount(FieldKind.OTHER, flat, p.content.regular(), Spot.left(0.08, 0.8), 0.06, p.width * 0.2);
    p.bars(0.05, 0.88, p.width * 0.3, 0.08);
    p.ink = Palette.red(dice);
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.COMMA, dice);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(p.width - 0.2, 0.86),
            dice.real(0.3, 0.38),
            p.width * 0.55);
    p.unit("₽", bold, Spot.left(price.getMaxX() + 0.03, 0.86), 0.13);
  }

  private static void ePaper(TagPainter p) {
    ScreenLayouts.casing(p);
    Dice dice = p.dice;
    p.paper(Palette.gray(dice, 206), "white");
    p.ink = Palette.black(dice);
    Typeface narrow = dice.pick(p.fonts.narrow());
    Typeface bold = dice.pick(p.fonts.bold());
    p.fill(p.ink, 0, 0, p.width, 0.2);
    Color ink = p.ink;
    p.ink = Color.WHITE;
    p.name(narrow, Spot.center(p.width / 2, 0.14), 0.08, p.width * 0.9, 1);
    p.ink = ink;
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.UNDERLINED, dice);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.left(0.08, 0.78),
            dice.real(0.34, 0.42),
            p.width * 0.6);
    p.unit("руб.", narrow, Spot.left(price.getMaxX() + 0.04, 0.78), 0.08);
    p.qr(p.width - 0.33, 0.3, 0.26);
    p.fill(p.ink, 0.05, 0.85, p.width - 0.1, 0.01);
    p.line(FieldKind.OTHER, "PLU " + p.content.article(), narrow, Spot.left(0.08, 0.95), 0.05, 0.8);
  }

  private static void foreign(TagPainter p) {
    Dice dice = p.dice;
    p.paper(dice.chance(0.7) ? Palette.white(dice) : Palette.yellow(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    int money = dice.weighted(45, 25, 30);
    p.facts.currency = List.of("EUR", "USD", "KZT").get(money);
    p.name(plain, Spot.left(0.06, 0.14), dice.real(0.06, 0.085), p.width * 0.88, 2);
    Amount amount = money == 2 ? p.content.price().withoutMinor() : p.content.price();
    PriceLettering lettering =
        new PriceLettering(
            bold,
            money == 0
                ? dice.pick(MinorStyle.COMMA, MinorStyle.SUPERSCRIPT)
                : dice.pick(MinorStyle.DOT, MinorStyle.SUPERSCRIPT),
            dice);
    double height = dice.real(0.26, 0.36);
    if (money == 1) {
      Rectangle2D price = p.price(lettering, amount, Spot.left(0.3, 0.82), height, p.width - 0.4);
      Spot before = Spot.right(price.getMinX() - 0.03, 0.82);
      p.signed(price, "$", bold, before, height * dice.real(0.5, 1));
    } else {
      Rectangle2D price =
          p.price(lettering, amount, Spot.right(p.width - 0.3, 0.82), height, p.width - 0.4);
      Spot after = Spot.left(price.getMaxX() + 0.04, 0.82);
      p.signed(price, money == 0 ? "€" : "₸", bold, after, height * dice.real(0.4, 0.9));
    }
    p.bars(0.06, 0.88, p.width * 0.35, 0.08);
  }
}
