package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** What is behind the tags: shelves with goods on them, rails, perforated edges, cardboard. */
final class Backdrop {
  private final Press press;
  private final Dice dice;
  private final PhotoCanvas canvas;
  private final Lens lens;
  private final double w;
  private final double h;

  Backdrop(Press press, Dice dice, PhotoCanvas canvas, Lens lens) {
    this.press = press;
    this.dice = dice;
    this.canvas = canvas;
    this.lens = lens;
    this.w = canvas.width;
    this.h = canvas.height;
  }

  void paint(ShelfPlan plan) {
    Graphics2D g = canvas.graphics();
    Color back =
        dice.weighted(50, 30, 20) == 0
            ? Palette.near(dice, 45, 45, 48)
            : dice.pick(Palette.near(dice, 190, 188, 182), Palette.near(dice, 120, 110, 100));
    g.setPaint(
        new GradientPaint(
            0, 0, back, 0, (float) h, Palette.mix(back, Color.BLACK, dice.real(0, 0.6))));
    g.fillRect(0, 0, canvas.width, canvas.height);
    AffineTransform before = g.getTransform();
    g.transform(lens.plane());
    double top = -h * 0.2;
    for (ShelfPlan.Rail rail : plan.rails()) {
      bay(g, top, rail.y());
      top = rail.y() + rail.thickness();
    }
    bay(g, top, Math.max(h * 1.15, top + h * 0.2));
    Color color = railColor();
    for (ShelfPlan.Rail rail : plan.rails()) {
      rail(g, rail, color);
    }
    g.setTransform(before);
    if (dice.chance(0.7)) {
      Texture.apply(canvas.rgb, canvas.width, canvas.height, dice);
    }
  }

  private Color railColor() {
    return switch (dice.weighted(50, 15, 12, 8, 8, 7)) {
      case 0 -> Palette.near(dice, 214, 216, 220);
      case 1 -> Palette.near(dice, 120, 128, 145);
      case 2 -> Palette.near(dice, 40, 44, 60);
      case 3 -> Palette.amber(dice);
      case 4 -> Palette.green(dice);
      default -> Palette.near(dice, 150, 110, 70);
    };
  }

  /** One level of the shelf: its goods stand on the bottom. */
  private void bay(Graphics2D g, double top, double bottom) {
    double room = bottom - top;
    if (room < 8) {
      return;
    }
    int dark = dice.whole(0, 110);
    g.setPaint(
        new GradientPaint(
            0, (float) top, new Color(0, 0, 0, dark), 0, (float) bottom, new Color(0, 0, 0, 0)));
    g.fill(new Rectangle2D.Double(-w, top, 3 * w, room));
    if (dice.chance(0.2)) {
      lamps(g, top, room);
    }
    double floor = bottom;
    if (dice.chance(0.4)) {
      floor -= edge(g, bottom, Math.min(room * 0.3, dice.real(0.03, 0.1) * h));
    }
    if (dice.chance(0.06)) {
      return;
    }
    double tall = Math.min(room * 1.1, dice.real(0.15, 0.75) * Math.max(w, h));
    double x = -w * dice.real(0, 0.2);
    while (x < w * 1.1) {
      double packHeight = tall * dice.real(0.6, 1);
      double packWidth = packHeight * dice.real(0.3, 1.1);
      BufferedImage pack =
          Pack.paint(press, dice.split(), Math.min(900, packWidth), Math.min(900, packHeight));
      int facings = dice.whole(1, 4);
      for (int i = 0; i < facings && x < w * 1.1; i++) {
        AffineTransform at =
            AffineTransform.getTranslateInstance(x, floor - packHeight + dice.bell() * 2);
        at.scale(packWidth / pack.getWidth(), packHeight / pack.getHeight());
        g.drawImage(pack, at, null);
        x += packWidth * dice.real(0.97, 1.06);
      }
      x += dice.chance(0.2) ? packWidth * dice.real(0.1, 0.8) : 0;
    }
  }

  /** Lamps mirrored in the back wall. */
  private void lamps(Graphics2D g, double top, double room) {
    double lean = dice.bell() * 0.6;
    for (int i = dice.whole(2, 6); i > 0; i--) {
      double x = dice.real(0, w);
      double y = top + room * dice.real(0.1, 0.7);
      double length = w * dice.real(0.05, 0.25);
      g.setColor(new Color(255, 255, dice.whole(225, 255), dice.whole(60, 230)));
      g.fill(
          Foreground.polygon(
              new Point2D.Double(x, y),
              new Point2D.Double(x + length, y),
              new Point2D.Double(x + length + lean * 20, y + h * 0.015),
              new Point2D.Double(x + lean * 20, y + h * 0.015)));
    }
  }

  /** The shelf board's front, often perforated. Returns its thickness. */
  private double edge(Graphics2D g, double bottom, double thick) {
    Color color = Palette.near(dice, 222, 222, 220);
    g.setPaint(
        new GradientPaint(
            0,
            (float) (bottom - thick),
            color,
            0,
            (float) bottom,
            Palette.mix(color, Color.GRAY, 0.4)));
    g.fill(new Rectangle2D.Double(-w, bottom - thick, 3 * w, thick));
    if (dice.chance(0.6)) {
      double step = thick * dice.real(0.8, 2);
      double d = thick * dice.real(0.1, 0.22);
      g.setColor(new Color(40, 40, 42));
      for (double x = -w * 0.2; x < w * 1.2; x += step) {
        g.fill(new Ellipse2D.Double(x, bottom - thick * 0.5, d, d));
      }
    }
    return thick * 0.8;
  }

  private void rail(Graphics2D g, ShelfPlan.Rail rail, Color color) {
    double y = rail.y();
    double t = rail.thickness();
    Color shade = Palette.mix(color, Color.BLACK, dice.real(0.05, 0.35));
    g.setPaint(new GradientPaint(0, (float) y, color, 0, (float) (y + t), shade));
    g.fill(new Rectangle2D.Double(-w, y, 3 * w, t));
    g.setColor(new Color(255, 255, 255, dice.whole(60, 200)));
    g.fill(new Rectangle2D.Double(-w, y, 3 * w, t * 0.03));
    g.setColor(new Color(0, 0, 0, dice.whole(40, 160)));
    g.fill(new Rectangle2D.Double(-w, y + t, 3 * w, t * 0.08));
  }
}
