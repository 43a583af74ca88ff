package io.shelfmark.inference.image;

/**
 * How far around a side its edge is sought, and how much more evidence a line needs the further it
 * lies from the side. Immutable.
 */
final class EdgeReach {

  /** Finds the edges. */
  static final EdgeReach WIDE = new EdgeReach(0.2, 0.1, 0.1);

  /** Places them. */
  static final EdgeReach NARROW = new EdgeReach(0.07, 0.05, 0.04);

  /** Half the height of the strip, in shares of the tag's size. */
  final double share;

  /** The most rows by which a line turns. */
  final int steepest;

  /** What the evidence of a line counts, by how far it turns and the row it begins in. */
  private final double[] weights;

  /**
   * All in shares of the tag's size.
   *
   * @param reach half the height of the strip
   * @param move how far the side's middle moves at which its evidence counts 0.6
   * @param turn how much its ends move against each other at which its evidence counts 0.6
   */
  private EdgeReach(double reach, double move, double turn) {
    double unit = 2 * reach / EdgeStrip.ROWS;
    this.share = reach;
    this.steepest = (int) (1.6 * turn / unit);
    this.weights = new double[(2 * steepest + 1) * EdgeStrip.ROWS];
    for (int i = 0; i < weights.length; i++) {
      int rows = i / EdgeStrip.ROWS - steepest;
      double moved = (i % EdgeStrip.ROWS + (rows + 1 - EdgeStrip.ROWS) / 2.0) * unit / move;
      double turned = rows * unit / turn;
      weights[i] = Math.exp(-(moved * moved + turned * turned) / 2);
    }
  }

  double weight(int left, int turn) {
    return weights[(turn + steepest) * EdgeStrip.ROWS + left];
  }

  /** The weight of that one of the lines from {@code first} to {@code last} which moves least. */
  double mostWeight(int first, int last, int turn) {
    int middle = (EdgeStrip.ROWS - 1 - turn) / 2;
    return weight(Math.min(Math.max(first, middle), last), turn);
  }
}
