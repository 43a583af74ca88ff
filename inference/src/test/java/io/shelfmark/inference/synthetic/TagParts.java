package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Pieces that tags of several chains share: conditions, confusers, small print. */
final class TagParts {
  private TagParts() {}

  static String rubles(Dice dice) {
    return dice.pick("₽", "₽", "руб", "руб.", "р.", "р", "РУБ", "РУБ.");
  }

  static String perPiece(Dice dice) {
    return dice.pick(
        "₽/шт.",
        "₽/шт.",
        "₽/шт",
        "руб/шт",
        "руб/ шт",
        "руб./шт.",
        "за 1 шт",
        "₽/кг",
        "₽/кг.",
        "руб/кг",
        "руб/ кг",
        "за 1 кг",
        "₽/100 г",
        "за 100 г",
        "₽/л",
        "руб/уп.");
  }

  /** The words that bind a price to a loyalty card, in one to five lines. */
  static List<String> cardWords(Dice dice, int most) {
    List<List<String>> all =
        List.of(
            List.of("Цена за 1 шт.", "со скидкой", "по выручай-", "карте"),
            List.of("ЦЕНА ПО КАРТЕ"),
            List.of("ЦЕНА ПО КАРТЕ \"КОПИЛКА\""),
            List.of("Цена по карте"),
            List.of("по карте"),
            List.of("С КАРТОЙ"),
            List.of("с картой", "лояльности"),
            List.of("Цена с картой", "покупателя"),
            List.of("с картой клуба"),
            List.of("ПО КАРТЕ", "МАГАЗИНА"),
            List.of("Цена по", "карте", "клиента"),
            List.of("Скидка", "по карте"),
            List.of("по карте «Друзья»"),
            List.of("с бонусной картой"));
    return dice.pick(all.stream().filter(lines -> lines.size() <= most).toList());
  }

  /** The price of a kilogram or litre of it: a confuser. */
  static void unitPrice(TagPainter p, Typeface face, Spot spot, double height, double limit) {
    Dice dice = p.dice;
    PriceLettering lettering =
        new PriceLettering(
            face, dice.pick(MinorStyle.COMMA, MinorStyle.DOT, MinorStyle.SUPERSCRIPT), dice);
    Rectangle2D amount =
        p.amount(FieldKind.OTHER, lettering, p.content.price().dearer(dice), spot, height, limit);
    String label =
        dice.pick(
            "цена за 1 кг",
            "цена за кг",
            "1 кг =",
            "за 1 л",
            "за 100 г",
            "1 л =",
            "Цена за ед. товара");
    p.line(
        FieldKind.OTHER,
        label,
        face,
        new Spot(spot.x(), amount.getMinY() - 0.03, spot.align()),
        height * 0.6,
        limit);
  }

  static String regularLabel(Dice dice) {
    return dice.pick(
        "без акции",
        "без карты",
        "без скидки",
        "старая цена",
        "обычная цена",
        "Цена без карты",
        "ЦЕНА БЕЗ КАРТЫ \"КОПИЛКА\"",
        "было",
        "цена без акции",
        "регулярная цена");
  }

  static void quantityCondition(
      TagPainter p, Typeface face, Spot spot, double height, double limit) {
    int pieces = p.dice.pick(2, 2, 3, 3, 4, 5, 6);
    List<String> lines =
        p.dice.pick(
            List.of(
                List.of("от " + pieces + " шт"),
                List.of("от " + pieces + " шт."),
                List.of("за 1 шт.", "от " + pieces + " шт."),
                List.of("при покупке", "от " + pieces + " шт."),
                List.of("при покупке от " + pieces + " шт"),
                List.of("цена при", "покупке", pieces + " шт.")));
    p.block(FieldKind.QUANTITY, lines, face, spot, height, limit);
    p.facts.conditionKind = "quantity";
    p.facts.conditionQuantity = pieces;
  }

  static void cardCondition(
      TagPainter p, Typeface face, Spot spot, double height, double limit, int most) {
    p.block(FieldKind.CARD, cardWords(p.dice, most), face, spot, height, limit);
    p.facts.conditionKind = "card";
    p.facts.conditionQuantity = 0;
  }

  /** A black disc with another price "from 3 pieces": a confuser. */
  static void discOffer(TagPainter p, double x, double y, double size) {
    Color ink = p.ink;
    p.fill(ink, new Ellipse2D.Double(x, y, size, size));
    p.ink = Color.WHITE;
    Typeface face = p.dice.pick(p.fonts.bold());
    PriceLettering lettering = new PriceLettering(face, MinorStyle.SUPERSCRIPT, p.dice);
    p.amount(
        FieldKind.OTHER,
        lettering,
        p.content.price().cheaper(p.dice),
        Spot.center(x + size / 2, y + size * 0.55),
        size * 0.3,
        size * 0.8);
    p.line(
        FieldKind.OTHER,
        "от " + p.dice.whole(2, 6) + " шт",
        face,
        Spot.center(x + size / 2, y + size * 0.76),
        size * 0.12,
        size * 0.7);
    p.ink = ink;
  }

  /** A plate with a star rating, a bonus or "5+1". */
  static void badge(TagPainter p, double x, double y, double w, double h) {
    Color ink = p.ink;
    p.round(ink, x, y, w, h, 0.08);
    p.ink = Color.WHITE;
    Typeface face = p.dice.pick(p.fonts.bold());
    String mark =
        p.dice.pick(
            "* " + p.dice.whole(3, 4) + "," + p.dice.whole(0, 9),
            p.dice.whole(2, 6) + "+1",
            "%",
            "№" + p.dice.whole(1, 5),
            "х" + p.dice.whole(2, 10),
            "+" + p.dice.whole(10, 99));
    p.line(FieldKind.OTHER, mark, face, Spot.center(x + w / 2, y + h * 0.62), h * 0.3, w * 0.85);
    p.ink = ink;
    if (p.dice.chance(0.6)) {
      List<String> words =
          p.dice.pick(
              List.of(
                  List.of("Высокая", "оценка"),
                  List.of("Цена", "недели"),
                  List.of("Выбор", "клиентов")));
      p.block(FieldKind.OTHER, words, face, Spot.center(x + w / 2, y + h + 0.07), 0.045, w * 1.2);
    }
  }

  /** A dark strip along the left or right side with a word set upright. */
  static void sideStrip(TagPainter p, double x, double w, Color color, String word) {
    p.fill(color, x, 0, w, 1);
    Color ink = p.ink;
    p.ink = Palette.dark(color) ? Color.WHITE : Palette.black(p.dice);
    Typeface face = p.dice.pick(p.fonts.bold());
    double cx = x + w * 0.68;
    p.turned(
        -Math.PI / 2,
        cx,
        0.95,
        () -> p.line(null, word, face, Spot.left(cx, 0.95), w * 0.38, 0.75));
    if (p.dice.chance(0.5)) {
      double d = w * 0.7;
      p.fill(p.ink, new Ellipse2D.Double(x + w * 0.15, 0.05, d, d));
      p.ink = color;
      p.line(
          null,
          p.dice.pick("%", "-15%", "!", p.content.discount()),
          face,
          Spot.center(x + w / 2, 0.05 + d * 0.65),
          d * 0.32,
          d * 0.9);
    }
    p.ink = ink;
  }

  /** The line under everything: date, PLU, maker. */
  static Rectangle2D smallPrint(TagPainter p, double right, double baseline, double height) {
    TagContent c = p.content;
    Typeface face = p.dice.pick(p.fonts.plain());
    String text =
        p.dice.pick(
            c.date(),
            c.date() + "/" + c.article() + "/" + c.maker(),
            c.article() + " " + c.date(),
            c.maker());
    return p.line(FieldKind.OTHER, text, face, Spot.right(right, baseline), height, p.width * 0.7);
  }
}
