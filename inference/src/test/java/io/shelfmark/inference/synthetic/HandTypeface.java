package io.shelfmark.inference.synthetic;

import java.awt.BasicStroke;
import java.awt.geom.Path2D;
import java.util.Map;

/**
 * Digits and a few letters as a hand writes them with chalk or a marker. Each instance is one hand:
 * its widths and wobble come from its seed, so that the same character twice looks alike, not
 * identical.
 */
final class HandTypeface implements Typeface {
  /**
   * Strokes parted by spaces; points as two digits each, x and y in tenths of the height, y
   * downwards from the top.
   */
  private static final Map<Integer, String> STROKES =
      Map.ofEntries(
          Map.entry((int) '0', "3010070927093602301"),
          Map.entry((int) '1', "1330 3039"),
          Map.entry((int) '2', "12305152433514194959"),
          Map.entry((int) '3', "11305152342455576839190817"),
          Map.entry((int) '4', "4039 402305150565"),
          Map.entry((int) '5', "5010 10041435465748391908"),
          Map.entry((int) '6', "5030120407093959574534150607"),
          Map.entry((int) '7', "0101506053423429 1545"),
          Map.entry((int) '8', "4130101224455759391917153452504130"),
          Map.entry((int) '9', "5130100203153453 5153565839"),
          Map.entry((int) 'р', "131415161718193B 14334355564738271617"),
          Map.entry((int) 'у', "13142656 53565859492A1B0A"),
          Map.entry((int) 'б', "50301224150709394957453415"),
          Map.entry((int) 'к', "13141719 532617 264959"),
          Map.entry((int) 'г', "19141353"),
          Map.entry((int) '-', "1545"),
          Map.entry((int) '.', "28291928"),
          Map.entry((int) ',', "281B"));

  private final double thickness;
  private final double width;
  private final long seed;

  HandTypeface(double thickness, double width, long seed) {
    this.thickness = thickness;
    this.width = width;
    this.seed = seed;
  }

  @Override
  public String name() {
    return "hand";
  }

  @Override
  public Glyph glyph(int character) {
    String strokes = STROKES.get(character);
    if (strokes == null) {
      return new Glyph(new Path2D.Double(), 0.4 * width);
    }
    Dice wobble = Dice.of(seed, character);
    Path2D line = new Path2D.Double();
    double right = 0;
    for (String stroke : strokes.split(" ")) {
      int count = stroke.length() / 2;
      double[] x = new double[count];
      double[] y = new double[count];
      for (int i = 0; i < count; i++) {
        x[i] = (Character.digit(stroke.charAt(2 * i), 12) / 10.0 + wobble.bell() * 0.018) * width;
        y[i] = Character.digit(stroke.charAt(2 * i + 1), 12) / 9.0 - 1 + wobble.bell() * 0.018;
        right = Math.max(right, x[i]);
      }
      curve(line, x, y);
    }
    BasicStroke pen =
        new BasicStroke((float) thickness, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    return new Glyph(new Path2D.Double(pen.createStrokedShape(line)), right + 0.16);
  }

  /** A Catmull-Rom spline through the points. */
  private static void curve(Path2D path, double[] x, double[] y) {
    int last = x.length - 1;
    path.moveTo(x[0], y[0]);
    for (int i = 0; i < last; i++) {
      int before = Math.max(0, i - 1);
      int after = Math.min(last, i + 2);
      path.curveTo(
          x[i] + (x[i + 1] - x[before]) / 6,
          y[i] + (y[i + 1] - y[before]) / 6,
          x[i + 1] - (x[after] - x[i]) / 6,
          y[i + 1] - (y[after] - y[i]) / 6,
          x[i + 1],
          y[i + 1]);
    }
  }
}
