package io.shelfmark.inference.image;

/**
 * How a stored picture has to be turned to stand upright: the eight values of EXIF tag 0x0112, in
 * their order. Each maps upright coordinates to stored ones by {@code x = xx*X + xy*Y + (x1 ? width
 * : 0)} and likewise for y, where width and height are those of the stored picture.
 */
enum Orientation {
  UPRIGHT(1, 1, 0, 0, 1),
  MIRRORED(2, -1, 0, 0, 1),
  HALF_TURN(3, -1, 0, 0, -1),
  FLIPPED(4, 1, 0, 0, -1),
  TRANSPOSED(5, 0, 1, 1, 0),
  QUARTER_TURN(6, 0, 1, -1, 0),
  TRANSVERSED(7, 0, -1, -1, 0),
  THREE_QUARTER_TURN(8, 0, -1, 1, 0);

  private static final Orientation[] VALUES = values();

  private final int exif;
  private final int xx;
  private final int xy;
  private final int yx;
  private final int yy;

  Orientation(int exif, int xx, int xy, int yx, int yy) {
    this.exif = exif;
    this.xx = xx;
    this.xy = xy;
    this.yx = yx;
    this.yy = yy;
  }

  /** The orientation for an EXIF value; upright for values outside 1..8, as viewers do. */
  static Orientation ofExif(int value) {
    return value >= 1 && value <= 8 ? VALUES[value - 1] : UPRIGHT;
  }

  int exif() {
    return exif;
  }

  /** Whether width and height change places. */
  boolean swapsSides() {
    return xx == 0;
  }

  /** Whether the upright picture is the stored one turned over its main diagonal first. */
  boolean transposes() {
    return swapsSides();
  }

  /**
   * OpenCV's flip code that finishes the turn after {@link #transposes}; 2 when there is nothing to
   * flip.
   */
  int flip() {
    // after transposing, stored y runs along upright X and stored x along upright Y
    boolean x = (swapsSides() ? yx : xx) < 0;
    boolean y = (swapsSides() ? xy : yy) < 0;
    return x ? (y ? -1 : 1) : (y ? 0 : 2);
  }

  /**
   * Changes a homography into upright photo coordinates to one into stored coordinates, both in the
   * same unit.
   *
   * @param matrix nine values by rows, changed in place
   * @param width of the stored picture
   * @param height of the stored picture
   */
  void toStored(double[] matrix, double width, double height) {
    if (this == UPRIGHT) {
      return;
    }
    double x1 = xx + xy < 0 ? width : 0;
    double y1 = yx + yy < 0 ? height : 0;
    for (int i = 0; i < 3; i++) {
      double x = matrix[i];
      double y = matrix[3 + i];
      double w = matrix[6 + i];
      matrix[i] = xx * x + xy * y + x1 * w;
      matrix[3 + i] = yx * x + yy * y + y1 * w;
    }
  }
}
