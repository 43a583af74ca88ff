package io.shelfmark.inference.synthetic;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * What shops do to a printed tag: film over it, creases, curls, torn corners, a strip refracted by
 * the holder's edge.
 */
final class Wear {
  private final Graphics2D graphics;
  private final Dice dice;
  private final BufferedImage image;
  private final double w;
  private final double h;

  private Wear(BufferedImage image, Dice dice) {
    this.image = image;
    this.dice = dice;
    this.w = image.getWidth();
    this.h = image.getHeight();
    this.graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
  }

  static void apply(FlatTag tag, Dice dice) {
    Wear wear = new Wear(tag.image(), dice);
    wear.graphics.setComposite(AlphaComposite.SrcAtop);
    if (dice.chance(0.5)) {
      wear.shade();
    }
    if (dice.chance(0.18)) {
      wear.film();
    }
    if (dice.chance(0.15)) {
      wear.creases();
    }
    if (dice.chance(0.06)) {
      wear.refract(tag.scale());
    }
    if (dice.chance(0.1)) {
      wear.tear();
    }
    wear.graphics.dispose();
  }

  private void shade() {
    int dark = dice.whole(10, 70);
    Color none = new Color(0, 0, 0, 0);
    Color some = new Color(0, 0, 0, dark);
    if (dice.chance(0.5)) {
      graphics.setPaint(new GradientPaint(0, 0, some, 0, (float) (h * dice.real(0.3, 1)), none));
    } else {
      boolean fromLeft = dice.chance(0.5);
      graphics.setPaint(
          new GradientPaint(
              fromLeft ? 0 : (float) w, 0, some, (float) (w * dice.real(0.2, 0.8)), 0, none));
    }
    graphics.fill(new Rectangle2D.Double(0, 0, w, h));
  }

  private void film() {
    Color tint =
        dice.pick(
            Palette.amber(dice),
            Palette.yellow(dice),
            new Color(255, 255, 255),
            Palette.near(dice, 235, 120, 90),
            Palette.near(dice, 180, 190, 205));
    int alpha = dice.whole(25, 120);
    double from = dice.real(-0.3, 0.7) * w;
    double to = from + dice.real(0.3, 1.2) * w;
    double skew = dice.bell() * 0.05 * w;
    Path2D film = new Path2D.Double();
    film.moveTo(from, 0);
    film.lineTo(to, 0);
    film.lineTo(to + skew, h);
    film.lineTo(from + skew, h);
    film.closePath();
    graphics.setColor(new Color(tint.getRed(), tint.getGreen(), tint.getBlue(), alpha));
    graphics.fill(film);
    graphics.setColor(new Color(255, 255, 255, dice.whole(40, 200)));
    graphics.setStroke(new BasicStroke((float) (h * dice.real(0.004, 0.012))));
    graphics.draw(new Line2D.Double(from, 0, from + skew, h));
    graphics.draw(new Line2D.Double(to, 0, to + skew, h));
  }

  private void creases() {
    for (int i = dice.whole(1, 3); i > 0; i--) {
      double x = dice.real(0, w);
      double y = dice.real(0, h);
      double dx = dice.bell() * w * 0.3;
      double dy = dice.bell() * h * 0.4;
      boolean light = dice.chance(0.5);
      graphics.setColor(light ? new Color(255, 255, 255, 130) : new Color(0, 0, 0, 60));
      graphics.setStroke(new BasicStroke((float) (h * dice.real(0.004, 0.015))));
      graphics.draw(new Line2D.Double(x, y, x + dx, y + dy));
    }
  }

  /**
   * Moves a band of rows sideways by so little that boxes stay true within about a pixel of the
   * photo.
   */
  private void refract(double scale) {
    int from = (int) (h * dice.real(0.2, 0.8));
    int rows = Math.min((int) h - from, (int) (h * dice.real(0.04, 0.14)));
    int shift = (int) Math.round(scale * dice.real(0.004, 0.008)) * (dice.chance(0.5) ? 1 : -1);
    if (rows > 0 && shift != 0) {
      Object band = image.getRaster().getDataElements(0, from, image.getWidth(), rows, null);
      int[] pixels = (int[]) band;
      int width = image.getWidth();
      for (int y = 0; y < rows; y++) {
        int[] row = java.util.Arrays.copyOfRange(pixels, y * width, (y + 1) * width);
        for (int x = 0; x < width; x++) {
          pixels[y * width + x] = row[Math.max(0, Math.min(width - 1, x - shift))];
        }
      }
      image.getRaster().setDataElements(0, from, width, rows, pixels);
    }
  }

  private void tear() {
    boolean right = dice.chance(0.5);
    boolean low = dice.chance(0.5);
    double a = dice.real(0.05, 0.3) * h;
    double b = dice.real(0.05, 0.3) * h;
    double x = right ? w : 0;
    double y = low ? h : 0;
    double sx = right ? -1 : 1;
    double sy = low ? -1 : 1;
    Path2D corner = new Path2D.Double();
    corner.moveTo(x, y);
    corner.lineTo(x + sx * a, y);
    corner.lineTo(x + sx * (a * 0.45 + dice.bell() * 3), y + sy * (b * 0.45 + dice.bell() * 3));
    corner.lineTo(x, y + sy * b);
    corner.closePath();
    graphics.setComposite(AlphaComposite.Clear);
    graphics.fill(corner);
    if (dice.chance(0.5)) {
      // the corner is folded over, its blank back seen
      graphics.setComposite(AlphaComposite.SrcAtop);
      Path2D fold = new Path2D.Double();
      fold.moveTo(x + sx * a, y);
      fold.lineTo(x + sx * a * 0.95, y + sy * b * 0.95);
      fold.lineTo(x, y + sy * b);
      fold.closePath();
      graphics.setColor(new Color(225, 224, 220));
      graphics.fill(fold);
    }
  }
}
