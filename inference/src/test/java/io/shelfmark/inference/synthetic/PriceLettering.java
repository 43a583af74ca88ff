package io.shelfmark.inference.synthetic;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * Sets an amount in type: rubles, kopecks and what parts them, as one outline with its origin at
 * the rubles' baseline.
 */
final class PriceLettering {
  private final Typeface face;
  private final MinorStyle style;
  private final double ratio;
  private final double gap;
  private final double tracking;
  private final boolean thousandsGap;
  private double minorShare;

  PriceLettering(Typeface face, MinorStyle style, Dice dice) {
    this.face = face;
    this.style = style;
    boolean dotted = style == MinorStyle.SMALL_AFTER_DOT;
    this.ratio = dotted ? dice.real(0.42, 0.58) : dice.real(0.34, 0.52);
    this.gap = dice.real(0.03, 0.1);
    this.tracking = dice.real(-0.04, 0.03);
    this.thousandsGap = dice.chance(0.45);
  }

  /** The kopecks' share of the width last set; 0 where they stand in line with the rubles. */
  double minorShare() {
    return minorShare;
  }

  Path2D outline(Amount amount, double height) {
    minorShare = 0;
    String major = amount.major();
    if (thousandsGap && major.length() > 3) {
      major = major.substring(0, major.length() - 3) + " " + major.substring(major.length() - 3);
    }
    if (amount.minor().isEmpty()) {
      return face.outline(major, height, tracking);
    }
    if (style.inline()) {
      return face.outline(major + style.separator() + amount.minor(), height, tracking);
    }
    Path2D path = face.outline(major, height, tracking);
    Rectangle2D bounds = path.getBounds2D();
    double x = bounds.getMaxX() + gap * height;
    double small = ratio * height;
    if (style == MinorStyle.SMALL_AFTER_DOT) {
      double dot = small * 0.24;
      path.append(new Rectangle2D.Double(x, -dot, dot, dot), false);
      x += dot + gap * height * 0.7;
    }
    Path2D minor = face.outline(amount.minor(), small, tracking);
    double raise =
        style == MinorStyle.SUPERSCRIPT || style == MinorStyle.UNDERLINED ? height - small : 0;
    minor.transform(
        AffineTransform.getTranslateInstance(x - minor.getBounds2D().getMinX(), -raise));
    if (style == MinorStyle.UNDERLINED) {
      Rectangle2D under = minor.getBounds2D();
      path.append(
          new Rectangle2D.Double(
              under.getMinX(), under.getMaxY() + small * 0.16, under.getWidth(), small * 0.1),
          false);
    }
    minorShare =
        minor.getBounds2D().getWidth() / (minor.getBounds2D().getMaxX() - bounds.getMinX());
    path.append(minor, false);
    return path;
  }
}
