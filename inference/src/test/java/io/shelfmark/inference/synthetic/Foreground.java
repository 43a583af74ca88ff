package io.shelfmark.inference.synthetic;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.LinearGradientPaint;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;

/** What stands before tags, wires and lips, and the light on them: shadows, reflections. */
final class Foreground {
  private final Dice dice;
  private final PhotoCanvas canvas;
  private final Lens lens;

  Foreground(Dice dice, PhotoCanvas canvas, Lens lens) {
    this.dice = dice;
    this.canvas = canvas;
    this.lens = lens;
  }

  static void shadow(PhotoCanvas canvas, HungTag hung, Dice dice) {
    double depth = dice.real(0.005, 0.03);
    Graphics2D g = canvas.graphics();
    for (int i = 1; i <= 3; i++) {
      double grow = depth * i * 0.7;
      Point2D[] q =
          hung.toPhoto().map(-grow * 0.4, -grow * 0.2, hung.tag().width() + grow * 0.4, 1 + grow);
      g.setColor(new Color(0, 0, 0, 34));
      g.fill(polygon(q));
    }
  }

  static Path2D polygon(Point2D... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0].getX(), points[0].getY());
    for (int i = 1; i < points.length; i++) {
      path.lineTo(points[i].getX(), points[i].getY());
    }
    path.closePath();
    return path;
  }

  void paint(ShelfPlan plan) {
    if (dice.chance(0.1)) {
      wires();
    }
    for (ShelfPlan.Rail rail : plan.rails()) {
      if (dice.chance(0.22)) {
        lip(rail);
      }
    }
  }

  /** The holder's lower lip, which hides the tags' bottom row. */
  private void lip(ShelfPlan.Rail rail) {
    double y = rail.y() + rail.thickness() * dice.real(0.86, 0.94);
    double deep = rail.thickness() * dice.real(0.1, 0.3);
    Color color =
        dice.pick(
            Palette.near(dice, 205, 208, 212),
            Palette.near(dice, 90, 94, 100),
            Palette.near(dice, 235, 235, 235));
    Shape shape =
        lens.plane()
            .createTransformedShape(
                new Rectangle2D.Double(-canvas.width, y, canvas.width * 3, deep));
    canvas.occlude(shape, color);
    Graphics2D g = canvas.graphics();
    g.setColor(new Color(255, 255, 255, 150));
    g.fill(
        lens.plane()
            .createTransformedShape(
                new Rectangle2D.Double(-canvas.width, y, canvas.width * 3, deep * 0.15)));
  }

  private void wires() {
    double gap = canvas.width * dice.real(0.12, 0.3);
    double thick = canvas.width * dice.real(0.006, 0.016);
    double lean = dice.bell() * 0.12;
    double from = canvas.height * dice.real(-0.2, 0.3);
    double to = from + canvas.height * dice.real(0.3, 0.6);
    for (double x = dice.real(-gap, gap); x < canvas.width + gap; x += gap) {
      Shape wire =
          new BasicStroke((float) thick)
              .createStrokedShape(new Line2D.Double(x, from, x + lean * (to - from), to));
      int tone = dice.whole(110, 190);
      canvas.occlude(
          lens.plane().createTransformedShape(wire),
          new GradientPaint(
              (float) x,
              0,
              new Color(tone, tone, tone),
              (float) (x + thick),
              0,
              new Color(tone - 70, tone - 70, tone - 65),
              true));
    }
  }

  /** Specular bands along the rails and soft shadows of what hangs above. */
  void shine(ShelfPlan plan) {
    Graphics2D g = canvas.graphics();
    AffineTransform before = g.getTransform();
    g.transform(lens.plane());
    for (ShelfPlan.Rail rail : plan.rails()) {
      if (dice.chance(0.3)) {
        double at = rail.y() + rail.thickness() * dice.real(0, 1);
        band(
            g,
            at,
            rail.thickness() * dice.real(0.03, 0.16),
            new Color(255, 255, 255, dice.whole(30, 160)));
      }
      if (dice.chance(0.3)) {
        double at = rail.y() + rail.thickness() * dice.real(-0.1, 0.3);
        band(g, at, rail.thickness() * dice.real(0.1, 0.3), new Color(0, 0, 0, dice.whole(20, 90)));
      }
    }
    g.setTransform(before);
    if (dice.chance(0.15)) {
      double x = dice.real(0, canvas.width);
      double w = canvas.width * dice.real(0.05, 0.3);
      g.shear(dice.bell() * 0.3, 0);
      g.setPaint(
          new LinearGradientPaint(
              (float) (x - w),
              0,
              (float) (x + w),
              0,
              new float[] {0, 0.5f, 1},
              new Color[] {
                new Color(255, 255, 255, 0),
                new Color(255, 255, 255, dice.whole(20, 110)),
                new Color(255, 255, 255, 0)
              }));
      g.fill(new Rectangle2D.Double(x - w, 0, 2 * w, canvas.height));
      g.setTransform(before);
    }
  }

  private void band(Graphics2D g, double y, double half, Color color) {
    Color none = new Color(color.getRed(), color.getGreen(), color.getBlue(), 0);
    g.setPaint(
        new LinearGradientPaint(
            0,
            (float) (y - half),
            0,
            (float) (y + half),
            new float[] {0, 0.5f, 1},
            new Color[] {none, color, none}));
    g.fill(new Rectangle2D.Double(-canvas.width, y - half, canvas.width * 3, 2 * half));
  }
}
