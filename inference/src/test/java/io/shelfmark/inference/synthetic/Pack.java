package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;

/**
 * Paints one pack of goods: a body, patches of colour, a brand, small print, numbers that are no
 * prices.
 */
final class Pack {
  private final Press press;
  private final Dice dice;
  private final Graphics2D g;
  private final double w;
  private final double h;

  private Pack(Press press, Dice dice, Graphics2D g, double w, double h) {
    this.press = press;
    this.dice = dice;
    this.g = g;
    this.w = w;
    this.h = h;
  }

  static BufferedImage paint(Press press, Dice dice, double width, double height) {
    BufferedImage image =
        new BufferedImage(
            (int) Math.max(4, width), (int) Math.max(4, height), BufferedImage.TYPE_INT_ARGB_PRE);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    new Pack(press, dice, g, image.getWidth(), image.getHeight()).paint();
    g.dispose();
    return image;
  }

  private void paint() {
    Color base = dice.chance(0.2) ? Palette.near(dice, 178, 140, 96) : dice.color(0.1, 1, 0.15, 1);
    Shape body = body();
    g.setPaint(
        new GradientPaint(
            0,
            0,
            base,
            (float) w,
            (float) h,
            Palette.mix(base, dice.color(0, 1, 0, 1), dice.real(0.1, 0.5))));
    g.fill(body);
    g.clip(body);
    for (int i = dice.whole(1, 4); i > 0; i--) {
      patch();
    }
    double y = h * dice.real(0.15, 0.5);
    brand(y);
    if (h > 50) {
      for (int i = dice.whole(1, 4); i > 0; i--) {
        words(h * dice.real(0.2, 0.95));
      }
      if (dice.chance(0.6)) {
        number();
      }
    }
    sides();
  }

  private Shape body() {
    return switch (dice.weighted(45, 20, 20, 15)) {
      case 0 -> new Rectangle2D.Double(0, 0, w, h);
      case 1 -> new RoundRectangle2D.Double(0, 0, w, h, w * 0.3, w * 0.3);
      case 2 -> bottle();
      default -> {
        Path2D pouch = new Path2D.Double();
        pouch.moveTo(w * 0.05, 0);
        pouch.lineTo(w * 0.95, 0);
        pouch.curveTo(w * 0.88, h * 0.3, w * 0.96, h * 0.6, w, h);
        pouch.lineTo(0, h);
        pouch.curveTo(w * 0.05, h * 0.6, w * 0.1, h * 0.3, w * 0.05, 0);
        yield pouch;
      }
    };
  }

  private Shape bottle() {
    double neck = dice.real(0.12, 0.2);
    double shoulder = dice.real(0.2, 0.4);
    Path2D path = new Path2D.Double();
    path.moveTo(w * (0.5 - neck), 0);
    path.lineTo(w * (0.5 + neck), 0);
    path.lineTo(w * (0.5 + neck), h * shoulder * 0.6);
    path.quadTo(w, h * shoulder * 0.75, w, h * shoulder * 1.2);
    path.lineTo(w, h);
    path.lineTo(0, h);
    path.lineTo(0, h * shoulder * 1.2);
    path.quadTo(0, h * shoulder * 0.75, w * (0.5 - neck), h * shoulder * 0.6);
    path.closePath();
    return path;
  }

  private void patch() {
    g.setColor(dice.chance(0.3) ? Palette.white(dice) : dice.color(0.1, 1, 0.1, 1));
    double x = dice.real(-0.2, 0.7) * w;
    double y = dice.real(-0.1, 0.8) * h;
    double a = dice.real(0.2, 1.2) * w;
    double b = dice.real(0.1, 0.5) * h;
    g.fill(
        switch (dice.weighted(40, 35, 25)) {
          case 0 -> new Ellipse2D.Double(x, y, a, b);
          case 1 ->
              new Rectangle2D.Double(dice.chance(0.6) ? 0 : x, y, dice.chance(0.6) ? w : a, b);
          default -> new RoundRectangle2D.Double(x, y, a, b, b * 0.5, b * 0.5);
        });
  }

  private void brand(double y) {
    String text =
        dice.chance(0.35)
            ? press.lexicon().exact(dice, "latin")
            : press.lexicon().word(dice, "brand");
    String cased = dice.chance(0.6) ? text.toUpperCase(java.util.Locale.ROOT) : text;
    Typeface face = face();
    g.setColor(dice.chance(0.4) ? Color.WHITE : dice.color(0.3, 1, 0.1, 1));
    write(
        cased,
        face.shaped(1, dice.chance(0.4) ? dice.real(0, 0.3) : 0),
        y,
        h * dice.real(0.06, 0.16),
        w * dice.real(0.6, 0.95));
  }

  private void words(double y) {
    String text =
        switch (dice.weighted(35, 25, 20, 20)) {
          case 0 ->
              press.lexicon().word(dice, "product") + " " + press.lexicon().word(dice, "adjective");
          case 1 -> press.lexicon().exact(dice, "flavour");
          case 2 ->
              press.lexicon().exact(dice, "latin") + " " + press.lexicon().exact(dice, "latin");
          default -> press.lexicon().exact(dice, "note");
        };
    g.setColor(dice.chance(0.5) ? Palette.white(dice) : Palette.black(dice));
    write(text, face(), y, h * dice.real(0.015, 0.05), w * 0.9);
  }

  private void number() {
    String text =
        dice.pick(
            dice.whole(1, 99) + "%",
            dice.whole(1, 99) * 10 + " г",
            "0," + dice.whole(1, 9) + " л",
            dice.whole(2, 20) + " шт",
            dice.whole(1, 9) + "," + dice.whole(0, 9) + "%",
            "+" + dice.whole(5, 50) + "%",
            "№" + dice.whole(1, 12),
            "" + dice.whole(100, 999),
            "24/7",
            dice.whole(1, 3) + " в 1");
    double size = h * dice.real(0.04, 0.14);
    double cx = dice.real(0.2, 0.8) * w;
    double y = dice.real(0.4, 0.95) * h;
    if (dice.chance(0.4)) {
      g.setColor(dice.color(0.4, 1, 0.3, 1));
      g.fill(new Ellipse2D.Double(cx - size * 1.6, y - size * 2, size * 3.2, size * 3.2));
    }
    g.setColor(dice.chance(0.5) ? Color.WHITE : Palette.black(dice));
    Path2D path = face().outline(text, size, 0);
    path.transform(AffineTransform.getTranslateInstance(cx - path.getBounds2D().getCenterX(), y));
    g.fill(path);
  }

  private Typeface face() {
    return dice.pick(
        dice.pick(
            press.fonts().bold(),
            press.fonts().plain(),
            press.fonts().serif(),
            press.fonts().narrow()));
  }

  private void write(String text, Typeface face, double y, double size, double limit) {
    if (size < 3) {
      g.fill(new Rectangle2D.Double(w * 0.2, y, Math.min(limit, w * 0.6), size * 0.5));
      return;
    }
    Path2D path = face.outline(text, size, 0);
    Rectangle2D bounds = path.getBounds2D();
    double fit = Math.min(1, limit / Math.max(1, bounds.getWidth()));
    path.transform(
        new AffineTransform(fit, 0, 0, Math.max(fit, 0.6), w / 2 - bounds.getCenterX() * fit, y));
    g.fill(path);
  }

  /** Darker edges make it round. */
  private void sides() {
    int dark = dice.whole(20, 110);
    Color none = new Color(0, 0, 0, 0);
    Color edge = new Color(0, 0, 0, dark);
    g.setPaint(new GradientPaint(0, 0, edge, (float) (w * 0.3), 0, none));
    g.fill(new Rectangle2D.Double(0, 0, w * 0.3, h));
    g.setPaint(new GradientPaint((float) w, 0, edge, (float) (w * 0.7), 0, none));
    g.fill(new Rectangle2D.Double(w * 0.7, 0, w * 0.3, h));
    if (dice.chance(0.4)) {
      double x = dice.real(0.1, 0.8) * w;
      g.setColor(new Color(255, 255, 255, dice.whole(20, 110)));
      g.fill(new Rectangle2D.Double(x, 0, w * dice.real(0.02, 0.1), h));
    }
  }
}
