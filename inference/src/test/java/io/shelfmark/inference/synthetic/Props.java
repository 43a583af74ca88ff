package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.util.List;

/** Things that hang where tags hang and are none: no price is on them. */
final class Props {
  private static final List<TagLayout> ALL =
      List.of(
          new TagLayout("banner", 1.2, 3.5, Props::banner),
          new TagLayout("blank-holder", 1.4, 2.5, Props::blank),
          new TagLayout("barcode-sticker", 1.3, 2.2, Props::sticker),
          new TagLayout("promo-plate", 1.0, 1.8, Props::plate),
          new TagLayout("shelf-number", 0.8, 1.6, Props::handwritten),
          new TagLayout("notice", 0.8, 2.0, Props::notice),
          new TagLayout("numbers", 1.0, 2.6, Props::numbers),
          new TagLayout("no-price", 1.3, 2.4, Props::withoutPrice));

  private Props() {}

  static List<TagLayout> all() {
    return ALL;
  }

  private static void banner(TagPainter p) {
    Color color = p.dice.color(0.4, 1, 0.3, 1);
    p.paper(color, "red");
    p.ink = Palette.dark(color) ? Color.WHITE : Palette.black(p.dice);
    Typeface bold = p.dice.pick(p.fonts.bold());
    p.line(
        null,
        p.lexicon.exact(p.dice, "banner"),
        bold,
        Spot.center(p.width / 2, 0.5),
        p.dice.real(0.2, 0.3),
        p.width * 0.9);
    p.line(
        null,
        p.lexicon.exact(p.dice, "banner"),
        p.dice.pick(p.fonts.plain()),
        Spot.center(p.width / 2, 0.8),
        0.14,
        p.width * 0.85);
  }

  private static void blank(TagPainter p) {
    Color color =
        p.dice.pick(
            Palette.white(p.dice),
            Palette.yellow(p.dice),
            Palette.near(p.dice, 180, 190, 205),
            Palette.amber(p.dice));
    p.paper(color, "white");
    p.frame(Palette.mix(color, Color.BLACK, 0.3), 0.02, 0.02, p.width - 0.04, 0.96, 0.01);
    if (p.dice.chance(0.3)) {
      p.ink = Palette.black(p.dice);
      p.name(p.dice.pick(p.fonts.plain()), Spot.left(0.08, 0.2), 0.08, p.width * 0.85, 3);
    }
  }

  private static void sticker(TagPainter p) {
    p.paper(Palette.white(p.dice), "white");
    p.ink = Palette.black(p.dice);
    Typeface mono = p.dice.pick(p.fonts.mono());
    p.bars(0.08, 0.25, p.width - 0.16, 0.5);
    p.line(null, p.content.barcode(), mono, Spot.center(p.width / 2, 0.9), 0.1, p.width * 0.9);
    p.line(
        null,
        p.content.article() + " " + p.content.date(),
        mono,
        Spot.left(0.08, 0.16),
        0.08,
        p.width * 0.85);
  }

  private static void plate(TagPainter p) {
    Color color =
        p.dice.pick(
            Palette.green(p.dice),
            Palette.red(p.dice),
            Palette.yellow(p.dice),
            Palette.amber(p.dice));
    p.paper(color, "red");
    p.ink = Palette.dark(color) ? Color.WHITE : Palette.black(p.dice);
    Typeface bold = p.dice.pick(p.fonts.bold());
    String mark =
        p.dice.pick("%", "!", p.content.discount(), "1+1", "5+1", "3=2", "* 4,9", "NEW", "ХИТ");
    p.line(
        null, mark, bold, Spot.center(p.width / 2, 0.62), p.dice.real(0.35, 0.5), p.width * 0.85);
    p.line(
        null,
        p.lexicon.exact(p.dice, "banner"),
        bold,
        Spot.center(p.width / 2, 0.88),
        0.12,
        p.width * 0.9);
  }

  private static void handwritten(TagPainter p) {
    p.paper(p.dice.pick(Palette.white(p.dice), Palette.near(p.dice, 190, 150, 105)), "white");
    p.ink =
        p.dice.pick(Palette.black(p.dice), Palette.near(p.dice, 30, 40, 130), Palette.red(p.dice));
    Typeface hand = new HandTypeface(p.dice.real(0.07, 0.13), 1, p.dice.bits());
    String text =
        p.dice.pick(
            // Not a bare number: on a card that is a price to any reader.
            p.dice.pick("А", "Б", "В") + "-" + p.dice.whole(1, 99),
            p.dice.whole(1, 9) + "-" + p.dice.whole(1, 9),
            "№" + p.dice.whole(1, 40),
            "ряд " + p.dice.whole(2, 12));
    p.line(
        null, text, hand, Spot.center(p.width / 2, 0.75), p.dice.real(0.35, 0.55), p.width * 0.8);
  }

  private static void notice(TagPainter p) {
    p.paper(Palette.white(p.dice), "white");
    p.ink = Palette.black(p.dice);
    Typeface plain = p.dice.pick(p.fonts.plain());
    p.line(
        null,
        p.lexicon.exact(p.dice, "banner"),
        p.dice.pick(p.fonts.bold()),
        Spot.center(p.width / 2, 0.2),
        0.1,
        p.width * 0.9);
    double size = p.dice.real(0.035, 0.06);
    for (double y = 0.32; y < 0.92; y += size * 1.7) {
      String text =
          p.lexicon.word(p.dice, "product")
              + " "
              + p.lexicon.word(p.dice, "adjective")
              + " "
              + p.lexicon.exact(p.dice, "maker")
              + " "
              + p.dice.whole(1, 2025);
      p.line(null, text, plain, Spot.left(0.08, y), size, p.width * 0.86);
    }
  }

  /** Large numbers that are no prices. */
  private static void numbers(TagPainter p) {
    Dice dice = p.dice;
    Color color = dice.chance(0.5) ? Palette.white(dice) : dice.color(0.3, 1, 0.3, 1);
    p.paper(color, "white");
    p.ink = Palette.dark(color) ? Color.WHITE : Palette.black(dice);
    String text =
        dice.pick(
            "24/7",
            "18+",
            "№ " + dice.whole(1, 99),
            dice.whole(1, 31) + "." + dice.digits(2) + "." + dice.digits(2),
            "8-800-" + dice.digits(3) + "-" + dice.digits(2) + "-" + dice.digits(2),
            dice.whole(7, 10) + ":00-" + dice.whole(20, 23) + ":00",
            dice.whole(5, 95) * 10 + dice.pick(" г", " мл", "г"),
            dice.pick("0,5", "1,5", "0,33", "2") + dice.pick(" л", "л"),
            dice.whole(2, 90) + "%",
            "до -" + dice.whole(10, 70) + "%",
            dice.whole(2, 12) + " шт",
            "x" + dice.whole(2, 10),
            "+" + dice.whole(10, 500),
            dice.whole(1, 40) + "°C");
    Typeface face = dice.pick(dice.chance(0.2) ? p.fonts.narrow() : p.fonts.bold());
    p.line(null, text, face, Spot.center(p.width / 2, 0.6), dice.real(0.25, 0.5), p.width * 0.9);
    if (dice.chance(0.6)) {
      p.line(
          null,
          p.lexicon.exact(dice, "banner"),
          dice.pick(p.fonts.plain()),
          Spot.center(p.width / 2, 0.85),
          dice.real(0.08, 0.14),
          p.width * 0.9);
    }
  }

  /** A tag with all but a price: a code, a name, small print. */
  private static void withoutPrice(TagPainter p) {
    Dice dice = p.dice;
    p.paper(dice.chance(0.7) ? Palette.white(dice) : Palette.yellow(dice), "white");
    p.ink = Palette.black(dice);
    double size = dice.real(0.06, 0.12);
    p.name(dice.pick(p.fonts.plain()), Spot.left(0.06, 0.06 + size), size, p.width * 0.88, 3);
    if (dice.chance(0.6)) {
      p.bars(0.06, 0.74, p.width * dice.real(0.3, 0.8), 0.18);
    }
    if (dice.chance(0.4)) {
      p.qr(p.width - 0.32, 0.6, 0.26);
    }
    TagParts.smallPrint(p, p.width - 0.05, 0.98, dice.real(0.03, 0.05));
  }
}
