package io.shelfmark.inference.image;

/**
 * Moves the sides of a tag's outline onto the edges that the photo shows near them: the detector
 * sees the photo at 640 pixels and places corners to a few of those.
 *
 * <p>For each side a strip along it is sampled at the photo's own resolution, and the straight line
 * is sought on which most of the strip's length has an edge of one direction, as in a Hough
 * transform over the line's two ends (R. Duda and P. Hart, Use of the Hough transformation to
 * detect lines and curves in pictures, 1972); lines far from the detector's side or turned against
 * it need more evidence. Least squares through the edge's middle in each column then places the
 * line to parts of a pixel, and neighboring sides meet in the corners. A wide pass finds the edges,
 * a narrow one places them. A side without an edge stays, and so does a corner that would move by
 * more than {@link #MOST}.
 *
 * <p>Print is no edge in this sense: its strokes have both directions and gaps. Takes about 0.1 ms
 * and no memory; holds scratch arrays: one thread at a time.
 */
final class OutlineRefiner {

  /** How far a corner may move, in shares of the tag's size: the root of width times height. */
  static final double MOST = 0.25;

  /** Outlines with a smaller size, in photo pixels, show nothing finer than the detector saw. */
  private static final double SMALLEST = 16;

  /** The share of a side at each end that is not looked at: corners are round, cut or clipped. */
  private static final double INSET = 0.06;

  private final double[] detected = new double[8];

  /** Where its corners are by now. */
  private final double[] quad = new double[8];

  /** The sides as {@code a x + b y = c}, three numbers each. */
  private final double[] lines = new double[12];

  private final EdgeStrip strip = new EdgeStrip();

  /** From the strip to the photo. */
  private final double[] toPhoto = new double[9];

  /** Moves the corners in {@code outline}, x and y each; false when it stays as it is. */
  boolean refine(DecodedPhoto photo, double[] outline) {
    System.arraycopy(outline, 0, detected, 0, detected.length);
    System.arraycopy(outline, 0, quad, 0, quad.length);
    double size = Math.sqrt(Quads.along(quad) * Quads.across(quad));
    // also false for what is not a number
    if (!(size >= SMALLEST)) {
      return false;
    }
    boolean moved = pass(photo, EdgeReach.WIDE, size);
    moved |= pass(photo, EdgeReach.NARROW, size);
    if (!moved || !Quads.isConvex(quad) || !Quads.solve(quad, 0, 0, 1, 1, toPhoto)) {
      return false;
    }
    System.arraycopy(quad, 0, outline, 0, quad.length);
    return true;
  }

  private boolean pass(DecodedPhoto photo, EdgeReach reach, double size) {
    boolean found = false;
    for (int side = 0; side < 4; side++) {
      found |= fit(photo, side, reach, size);
    }
    if (found) {
      for (int i = 0; i < 4; i++) {
        meet(3 * ((i + 3) % 4), 3 * i, 2 * i, MOST * size);
      }
    }
    return found;
  }

  /** Puts a corner where two sides meet. */
  private void meet(int a, int b, int corner, double most) {
    double determinant = lines[a] * lines[b + 1] - lines[b] * lines[a + 1];
    double x = (lines[a + 2] * lines[b + 1] - lines[b + 2] * lines[a + 1]) / determinant;
    double y = (lines[a] * lines[b + 2] - lines[b] * lines[a + 2]) / determinant;
    if (Math.hypot(x - detected[corner], y - detected[corner + 1]) <= most) {
      quad[corner] = x;
      quad[corner + 1] = y;
    }
  }

  /** Sets a side's line; false when no edge was found and it stays where it is. */
  private boolean fit(DecodedPhoto photo, int side, EdgeReach reach, double size) {
    int from = 2 * side;
    int to = (from + 2) % 8;
    double dx = quad[to] - quad[from];
    double dy = quad[to + 1] - quad[from + 1];
    double length = Math.hypot(dx, dy);
    double step = 2 * reach.share * size / EdgeStrip.ROWS;
    // corners go round clockwise, so this way is inwards
    double downX = -dy / length * step;
    double downY = dx / length * step;
    double alongX = dx * (1 - 2 * INSET) / EdgeStrip.COLUMNS;
    double alongY = dy * (1 - 2 * INSET) / EdgeStrip.COLUMNS;
    double x = quad[from] + INSET * dx - downX * EdgeStrip.ROWS / 2;
    double y = quad[from + 1] + INSET * dy - downY * EdgeStrip.ROWS / 2;
    set(toPhoto, alongX, downX, x, alongY, downY, y);
    boolean found = strip.find(photo, toPhoto, step, reach);
    double startX = x + downX * strip.leftEnd();
    double startY = y + downY * strip.leftEnd();
    double endX = x + EdgeStrip.COLUMNS * alongX + downX * strip.rightEnd();
    double endY = y + EdgeStrip.COLUMNS * alongY + downY * strip.rightEnd();
    int at = 3 * side;
    lines[at] = endY - startY;
    lines[at + 1] = startX - endX;
    lines[at + 2] = lines[at] * startX + lines[at + 1] * startY;
    return found;
  }

  private static void set(
      double[] m, double xx, double xy, double x0, double yx, double yy, double y0) {
    m[0] = xx;
    m[1] = xy;
    m[2] = x0;
    m[3] = yx;
    m[4] = yy;
    m[5] = y0;
    m[6] = 0;
    m[7] = 0;
    m[8] = 1;
  }
}
