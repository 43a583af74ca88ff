package io.shelfmark.inference.synthetic;

import java.awt.Color;

/** Colours of paper and ink as shops have them. */
final class Palette {
  private Palette() {}

  static Color near(Dice dice, int red, int green, int blue) {
    return new Color(shifted(dice, red), shifted(dice, green), shifted(dice, blue));
  }

  static Color white(Dice dice) {
    int tone = dice.whole(228, 255);
    return new Color(
        tone, Math.min(255, tone + dice.whole(-3, 2)), Math.min(255, tone - dice.whole(-2, 12)));
  }

  static Color gray(Dice dice, int tone) {
    int near = Math.max(3, Math.min(252, tone + dice.whole(-12, 12)));
    return new Color(near + dice.whole(-2, 2), near, near + dice.whole(-3, 3));
  }

  static Color yellow(Dice dice) {
    return near(dice, 247, 226, 40);
  }

  static Color amber(Dice dice) {
    return near(dice, 243, 170, 45);
  }

  static Color red(Dice dice) {
    return near(dice, 208, 30, 38);
  }

  static Color green(Dice dice) {
    return near(dice, 20, 122, 52);
  }

  /** Printer's black: never quite black, sometimes faded or reddish. */
  static Color black(Dice dice) {
    if (dice.chance(0.15)) {
      int faded = dice.whole(50, 100);
      return new Color(faded + dice.whole(0, 40), faded, faded);
    }
    int tone = dice.whole(12, 60);
    return new Color(tone, tone, Math.min(255, tone + dice.whole(-4, 8)));
  }

  static boolean dark(Color color) {
    return 0.3 * color.getRed() + 0.59 * color.getGreen() + 0.11 * color.getBlue() < 128;
  }

  static Color mix(Color a, Color b, double share) {
    return new Color(
        (int) (a.getRed() + (b.getRed() - a.getRed()) * share),
        (int) (a.getGreen() + (b.getGreen() - a.getGreen()) * share),
        (int) (a.getBlue() + (b.getBlue() - a.getBlue()) * share));
  }

  private static int shifted(Dice dice, int channel) {
    return Math.max(0, Math.min(255, channel + dice.whole(-14, 14)));
  }
}
