package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Tags with the name in the middle, a rule or a card price, and maybe a coloured plate behind. */
final class CenteredLayouts {
  private CenteredLayouts() {}

  static void centeredName(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.062, 0.085);
    Rectangle2D name =
        p.name(
            dice.chance(0.7) ? bold : plain,
            Spot.center(p.width / 2, 0.07 + size),
            size,
            p.width * 0.92,
            3);
    double right = p.width - dice.real(0.1, 0.2);
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.SUPERSCRIPT, dice);
    double rule = dice.real(0.7, 0.78);
    double baseline = rule - dice.real(0.05, 0.1);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(right, baseline),
            p.clear(name, baseline, dice.real(0.26, 0.36)),
            p.width * 0.75);
    p.unitUnder(
        price, lettering, dice.pick("РУБ", "РУБ", "руб.", "₽"), plain, dice.real(0.05, 0.07));
    p.fill(p.ink, p.width * 0.04, rule, p.width * 0.92, 0.012);
    double side = dice.real(0.15, 0.2);
    p.qr(right - side, rule + 0.04, side);
    p.line(
        FieldKind.OTHER,
        p.content.country(),
        plain,
        Spot.right(right - side - 0.03, rule + 0.1),
        0.045,
        0.6);
    p.line(
        FieldKind.OTHER,
        p.content.date(),
        plain,
        Spot.right(right - side - 0.03, rule + 0.16),
        0.028,
        0.6);
    p.line(
        FieldKind.OTHER,
        p.content.barcode(),
        plain,
        Spot.right(right - side - 0.03, 0.97),
        0.035,
        0.8);
  }

  static void centeredCard(TagPainter p) {
    Dice dice = p.dice;
    plate(p);
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    Typeface bold = dice.pick(p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.062, 0.08);
    Rectangle2D name = p.name(bold, Spot.center(p.width / 2, 0.06 + size), size, p.width * 0.92, 2);
    double right = p.width - dice.real(0.08, 0.18);
    double x = dice.real(0.45, 0.6) * p.width;
    double words = Math.max(name.getMaxY() + 0.09, 0.38);
    p.block(
        FieldKind.CARD,
        List.of(dice.pick("ЦЕНА ПО КАРТЕ \"КОПИЛКА\"", "ЦЕНА ПО КАРТЕ", "Цена с картой")),
        plain,
        Spot.center(x, words),
        0.042,
        1);
    p.facts.conditionKind = "card";
    double height = Math.min(dice.real(0.24, 0.32), 0.75 - words);
    PriceLettering lettering = new PriceLettering(bold, MinorStyle.SUPERSCRIPT, dice);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(right, words + 0.04 + height),
            height,
            p.width * 0.68);
    double side = dice.real(0.17, 0.22);
    p.qr(p.width * 0.12, words + 0.05, side);
    p.turned(
        -Math.PI / 2,
        0.08,
        0.9,
        () -> p.line(null, p.content.barcode(), plain, Spot.left(0.08, 0.9), 0.035, 0.6));
    p.line(
        FieldKind.OTHER,
        dice.pick("Л", "Р", "П", "С"),
        plain,
        Spot.left(0.04, words + 0.08),
        0.08,
        0.1);
    double low = price.getMaxY() + 0.075;
    p.line(
        FieldKind.OTHER,
        dice.pick("ЦЕНА БЕЗ КАРТЫ \"КОПИЛКА\"", "ЦЕНА БЕЗ КАРТЫ"),
        plain,
        Spot.left(0.08, low),
        0.035,
        p.width * 0.5);
    PriceLettering second =
        new PriceLettering(dice.chance(0.5) ? bold : plain, MinorStyle.COMMA, dice);
    p.regular(
        second, p.content.regular(), Spot.left(0.2, low + 0.11), dice.real(0.065, 0.085), 0.6);
    p.line(
        FieldKind.OTHER,
        "Акция до " + p.content.date(),
        plain,
        Spot.right(right, low),
        0.035,
        right - p.width * 0.55);
    p.line(FieldKind.OTHER, p.content.country(), plain, Spot.right(right, low + 0.06), 0.035, 0.6);
    p.line(
        FieldKind.OTHER,
        p.content.article() + "   " + p.content.date(),
        plain,
        Spot.right(right, 0.98),
        0.035,
        0.9);
  }

  /** The coloured plate behind the tag with a word and a percent sign. */
  private static void plate(TagPainter p) {
    Dice dice = p.dice;
    if (dice.chance(0.3)) {
      return;
    }
    Color color =
        dice.weighted(70, 15, 15) == 0
            ? Palette.green(dice)
            : dice.pick(Palette.red(dice), Palette.amber(dice));
    double above = dice.real(0.5, 0.82);
    p.fill(color, -0.12, -above, p.width + 0.24, above + 1.08);
    p.ink = Color.WHITE;
    Typeface bold = dice.pick(p.fonts.bold());
    p.line(
        null,
        dice.pick("АКЦИЯ", "АКЦИЯ", "РАСПРОДАЖА", "СКИДКА"),
        bold,
        Spot.left(0, -above * 0.25),
        above * 0.25,
        p.width * 0.6);
    p.line(
        null,
        dice.pick("%", "%", "!"),
        bold,
        Spot.right(p.width, -above * 0.15),
        above * 0.62,
        p.width * 0.35);
  }
}
