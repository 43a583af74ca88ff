package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Tags of no chain in particular: office printers, label printers, posters, hands. */
final class PaperLayouts {
  private PaperLayouts() {}

  static List<TagLayout> all() {
    return List.of(
        new TagLayout("table-cell", 1.3, 2.2, PaperLayouts::tableCell),
        new TagLayout("integer", 1.3, 2.2, PaperLayouts::integer),
        new TagLayout("handwritten", 1.1, 2.2, PaperLayouts::handwritten),
        new TagLayout("red-promo", 1.3, 2.2, PromoLayouts::redPromo),
        new TagLayout("two-prices", 1.6, 2.6, PromoLayouts::twoPrices),
        new TagLayout("quantity-disc", 1.6, 2.3, PromoLayouts::quantityDisc),
        new TagLayout("label-printer", 1.4, 2.4, PaperLayouts::labelPrinter),
        new TagLayout("tall-poster", 0.62, 1.0, PromoLayouts::tallPoster),
        new TagLayout("produce", 1.0, 1.8, MoreLayouts::produce),
        new TagLayout("wide-strip", 2.8, 4.6, MoreLayouts::wideStrip),
        new TagLayout("price-left", 1.6, 2.6, MoreLayouts::priceLeft),
        new TagLayout("pack-and-piece", 1.5, 2.3, MoreLayouts::packAndPiece),
        new TagLayout("free-form", 1.2, 2.6, FreeFormLayout::print),
        new TagLayout("free-form-rows", 1.0, 2.2, FreeFormLayout::rows));
  }

  private static void tableCell(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.black(dice);
    double t = dice.real(0.006, 0.015);
    double m = dice.real(0.02, 0.06);
    p.frame(p.ink, m, m, p.width - 2 * m, 1 - 2 * m, t);
    double row = dice.real(0.34, 0.46);
    double column = p.width * dice.real(0.3, 0.45);
    p.fill(p.ink, m, row, p.width - 2 * m, t);
    boolean cells = dice.chance(0.6);
    if (cells) {
      p.fill(p.ink, column, row, t, 1 - m - row);
    }
    Typeface plain = dice.pick(dice.chance(0.3) ? p.fonts.serif() : p.fonts.plain());
    double size = dice.real(0.065, 0.09);
    p.name(plain, Spot.center(p.width / 2, m + 0.04 + size), size, p.width * 0.86, 2);
    Typeface face = dice.chance(0.7) ? dice.pick(p.fonts.bold()) : plain;
    PriceLettering lettering =
        new PriceLettering(
            face,
            dice.pick(
                MinorStyle.COMMA,
                MinorStyle.COMMA,
                MinorStyle.DOT,
                MinorStyle.DASH,
                MinorStyle.SPACE),
            dice);
    double from = cells ? column : m;
    double middle = (from + p.width - m) / 2;
    double height = dice.real(0.16, 0.28);
    double baseline = (row + 1 - m) / 2 + height / 2;
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.center(middle, baseline),
            height,
            (p.width - m - from) * 0.8);
    if (dice.chance(0.6)) {
      p.unit(
          TagParts.rubles(dice),
          plain,
          Spot.right(p.width - m - 0.03, Math.min(0.95 - m, price.getMaxY() + 0.1)),
          0.055);
    }
    if (cells) {
      double x = (m + column) / 2;
      double w = column - m;
      p.line(
          FieldKind.OTHER,
          dice.pick("Цена за шт.", "Цена, руб.", "Цена", "1 шт.", "Ед. изм.: шт"),
          plain,
          Spot.center(x, row + 0.12),
          0.05,
          w * 0.85);
      p.line(
          FieldKind.OTHER, p.content.country(), plain, Spot.center(x, row + 0.22), 0.045, w * 0.85);
      p.line(FieldKind.OTHER, p.content.date(), plain, Spot.center(x, row + 0.32), 0.04, w * 0.85);
    }
  }

  private static void integer(TagPainter p) {
    Dice dice = p.dice;
    Color paper =
        dice.chance(0.5)
            ? Palette.white(dice)
            : dice.pick(
                Palette.yellow(dice),
                Palette.near(dice, 244, 214, 190),
                Palette.near(dice, 200, 228, 200));
    p.paper(paper, "white");
    p.ink = dice.chance(0.25) ? Palette.red(dice) : Palette.black(dice);
    Typeface face = dice.pick(dice.chance(0.3) ? p.fonts.narrow() : p.fonts.bold());
    Typeface plain = dice.pick(p.fonts.plain());
    double size = dice.real(0.08, 0.12);
    Rectangle2D name =
        p.name(
            dice.chance(0.5) ? face : plain,
            Spot.center(p.width / 2, 0.08 + size),
            size,
            p.width * 0.9,
            2);
    PriceLettering lettering = new PriceLettering(face, MinorStyle.COMMA, dice);
    double baseline = dice.real(0.82, 0.92);
    double height = p.clear(name, baseline, dice.real(0.28, 0.46));
    Amount amount = p.content.price().withoutMinor();
    Rectangle2D price =
        p.price(
            lettering,
            amount,
            Spot.center(p.width * dice.real(0.35, 0.5), baseline),
            height,
            p.width * 0.6);
    String unit =
        dice.chance(0.6)
            ? TagParts.rubles(dice)
            : dice.pick("руб/кг", "руб/шт", "₽/кг", "руб. за кг");
    p.unit(
        unit,
        dice.chance(0.6) ? face : plain,
        Spot.left(price.getMaxX() + 0.05, price.getMaxY()),
        height * dice.real(0.25, 0.5));
    if (dice.chance(0.3)) {
      p.frame(p.ink, 0.02, 0.02, p.width - 0.04, 0.96, dice.real(0.008, 0.03));
    }
  }

  private static void handwritten(TagPainter p) {
    Dice dice = p.dice;
    boolean chalk = dice.chance(0.45);
    p.paper(
        chalk
            ? Palette.near(dice, 40, 46, 44)
            : dice.pick(
                Palette.white(dice), Palette.yellow(dice), Palette.near(dice, 200, 170, 120)),
        chalk ? "black" : "white");
    p.ink =
        chalk
            ? Palette.near(dice, 225, 225, 215)
            : dice.pick(Palette.black(dice), Palette.near(dice, 30, 40, 130), Palette.red(dice));
    Typeface hand =
        new HandTypeface(dice.real(0.07, 0.15), dice.real(0.8, 1.15), dice.bits())
            .shaped(1, dice.real(-0.05, 0.3));
    Typeface title = dice.pick(p.fonts.serif()).shaped(dice.real(0.8, 1), dice.real(0, 0.3));
    double size = dice.real(0.1, 0.15);
    if (dice.chance(0.7)) {
      p.name(title, Spot.center(p.width / 2, 0.1 + size), size, p.width * 0.9, 1);
    }
    Amount amount = dice.chance(0.75) ? p.content.price().withoutMinor() : p.content.price();
    MinorStyle style =
        dice.pick(MinorStyle.UNDERLINED, MinorStyle.SUPERSCRIPT, MinorStyle.DASH, MinorStyle.COMMA);
    double height = dice.real(0.3, 0.5);
    Rectangle2D price =
        p.price(
            new PriceLettering(hand, style, dice),
            amount,
            Spot.center(p.width * 0.42, dice.real(0.75, 0.88)),
            height,
            p.width * 0.65);
    if (dice.chance(0.7)) {
      p.unit(
          dice.pick("р", "р.", "руб", "р"),
          hand,
          Spot.left(price.getMaxX() + 0.06, price.getMaxY()),
          height * dice.real(0.45, 0.75));
    }
  }

  /** Thermal printer: typewriter letters, streaks. */
  private static void labelPrinter(TagPainter p) {
    Dice dice = p.dice;
    p.paper(Palette.white(dice), "white");
    p.ink = Palette.mix(Palette.black(dice), Color.WHITE, dice.real(0, 0.25));
    Typeface mono = dice.pick(p.fonts.mono());
    Typeface face = dice.chance(0.5) ? mono : dice.pick(p.fonts.narrow());
    double size = dice.real(0.06, 0.085);
    Rectangle2D name = p.name(face, Spot.left(0.05, 0.05 + size), size, p.width * 0.92, 3);
    PriceLettering lettering =
        new PriceLettering(
            dice.chance(0.5) ? dice.pick(p.fonts.narrow()) : mono,
            dice.pick(MinorStyle.DOT, MinorStyle.COMMA, MinorStyle.DASH, MinorStyle.SUPERSCRIPT),
            dice);
    Rectangle2D price =
        p.price(
            lettering,
            p.content.price(),
            Spot.right(p.width - dice.real(0.08, 0.3), 0.72),
            p.clear(name, 0.72, dice.real(0.2, 0.34)),
            p.width * 0.7);
    p.unit(TagParts.rubles(dice), face, Spot.left(price.getMaxX() + 0.02, 0.72), 0.06);
    p.line(
        FieldKind.OTHER,
        dice.pick("Цена:", "ЦЕНА", "Price", "Итого"),
        face,
        Spot.left(0.05, 0.72),
        0.07,
        Math.max(0.1, price.getMinX() - 0.1));
    if (dice.chance(0.7)) {
      p.bars(p.width * 0.15, 0.78, p.width * 0.6, 0.12);
      p.line(
          FieldKind.OTHER,
          p.content.barcode(),
          mono,
          Spot.center(p.width * 0.45, 0.965),
          0.045,
          p.width * 0.6);
    }
    int streaks = dice.weighted(60, 25, 15);
    for (int i = 0; i < streaks; i++) {
      p.fill(
          new Color(255, 255, 255, dice.whole(90, 230)),
          dice.real(0, p.width),
          0,
          dice.real(0.004, 0.02),
          1);
    }
  }
}
