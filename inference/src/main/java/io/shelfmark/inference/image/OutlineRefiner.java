package io.shelfmark.inference.image;

import java.util.Arrays;

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

  private static final int COLUMNS = 24;
  private static final int ROWS = 24;

  /** The share of a side at each end that is not looked at: corners are round, cut or clipped. */
  private static final double INSET = 0.06;

  /** Gray levels between two rows at which an edge counts half. */
  private static final double FAINT = 10;

  /** Share of a side's length that has to show the edge. */
  private static final double LEAST = 0.3;

  /** Lines that are added up at once. */
  private static final int PARALLEL = 4;

  /**
   * Where the line that begins in the middle of row 0 and turns by so many rows meets each column,
   * as an index of {@link #edges}: turns from {@code -ROWS} on, column by column.
   */
  private static final int[] ON_LINE = new int[(2 * ROWS + 1) * COLUMNS];

  static {
    for (int i = 0; i < ON_LINE.length; i++) {
      int column = i % COLUMNS;
      double turn = i / COLUMNS - ROWS;
      double row = 0.5 + turn * (column + 0.5) / COLUMNS;
      ON_LINE[i] = column * ROWS + (int) Math.floor(row);
    }
  }

  /** All in shares of the tag's size. */
  private enum Pass {
    WIDE(0.2, 0.1, 0.1),
    NARROW(0.07, 0.05, 0.04);

    /** Half the height of the strip. */
    final double reach;

    /** How far the side's middle moves at which its evidence counts 0.6. */
    final double move;

    /** How much its ends move against each other at which its evidence counts 0.6. */
    final double turn;

    Pass(double reach, double move, double turn) {
      this.reach = reach;
      this.move = move;
      this.turn = turn;
    }
  }

  private final double[] detected = new double[8];

  /** Where its corners are by now. */
  private final double[] quad = new double[8];

  /** The sides as {@code a x + b y = c}, three numbers each. */
  private final double[] lines = new double[12];

  /** From the strip to the photo. */
  private final double[] toPhoto = new double[9];

  private final byte[] pixels = new byte[COLUMNS * ROWS];

  /** How much of an edge there is and in which direction, -1 to 1; column by column. */
  private final float[] edges = new float[COLUMNS * ROWS + PARALLEL];

  private final float[] sums = new float[PARALLEL];

  /** The weighed evidence of the best line so far, and what it shows. */
  private double best;

  private double evidence;

  /** Where the line leaves the strip on the left and on the right, in rows. */
  private double leftEnd;

  private double rightEnd;

  /** Moves the corners in {@code outline}, x and y each; false when it stays as it is. */
  boolean refine(DecodedPhoto photo, double[] outline) {
    System.arraycopy(outline, 0, detected, 0, detected.length);
    System.arraycopy(outline, 0, quad, 0, quad.length);
    double size = Math.sqrt(Quads.along(quad) * Quads.across(quad));
    // also false for what is not a number
    if (!(size >= SMALLEST)) {
      return false;
    }
    boolean moved = pass(photo, Pass.WIDE, size);
    moved |= pass(photo, Pass.NARROW, size);
    if (!moved || !Quads.isConvex(quad) || !Quads.solve(quad, 0, 0, 1, 1, toPhoto)) {
      return false;
    }
    System.arraycopy(quad, 0, outline, 0, quad.length);
    return true;
  }

  private boolean pass(DecodedPhoto photo, Pass pass, double size) {
    boolean found = false;
    for (int side = 0; side < 4; side++) {
      found |= fit(photo, side, pass, size);
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
  private boolean fit(DecodedPhoto photo, int side, Pass pass, double size) {
    int from = 2 * side;
    int to = (from + 2) % 8;
    double dx = quad[to] - quad[from];
    double dy = quad[to + 1] - quad[from + 1];
    double length = Math.hypot(dx, dy);
    double step = 2 * pass.reach * size / ROWS;
    // corners go round clockwise, so this way is inwards
    double downX = -dy / length * step;
    double downY = dx / length * step;
    double alongX = dx * (1 - 2 * INSET) / COLUMNS;
    double alongY = dy * (1 - 2 * INSET) / COLUMNS;
    double x = quad[from] + INSET * dx - downX * ROWS / 2;
    double y = quad[from + 1] + INSET * dy - downY * ROWS / 2;
    set(toPhoto, alongX, downX, x, alongY, downY, y);
    photo.sample(toPhoto, step, pixels, COLUMNS, ROWS);
    findEdges(photo, step);
    boolean found = search(pass);
    double startX = x + downX * leftEnd;
    double startY = y + downY * leftEnd;
    double endX = x + COLUMNS * alongX + downX * rightEnd;
    double endY = y + COLUMNS * alongY + downY * rightEnd;
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

  private void findEdges(DecodedPhoto photo, double step) {
    Arrays.fill(edges, 0);
    double margin = 1.5 * step;
    double right = photo.width() - margin;
    double bottom = photo.height() - margin;
    for (int column = 0; column < COLUMNS; column++) {
      double x = toPhoto[0] * (column + 0.5) + toPhoto[2];
      double y = toPhoto[3] * (column + 0.5) + toPhoto[5];
      for (int row = 1; row < ROWS - 1; row++) {
        double px = x + toPhoto[1] * (row + 0.5);
        double py = y + toPhoto[4] * (row + 0.5);
        // the photo's own border is not the tag's
        if (px > margin && px < right && py > margin && py < bottom) {
          float change = pixel(column, row + 1) - pixel(column, row - 1);
          edges[column * ROWS + row] =
              change * Math.abs(change) / (change * change + (float) (FAINT * FAINT));
        }
      }
    }
  }

  private int pixel(int column, int row) {
    return pixels[row * COLUMNS + column] & 0xff;
  }

  /** Finds the line with most evidence through all pairs of rows at the strip's ends. */
  private boolean search(Pass pass) {
    double unit = 2 * pass.reach / ROWS;
    int steepest = (int) (1.6 * pass.turn / unit);
    best = 0;
    evidence = 0;
    leftEnd = ROWS / 2.0;
    rightEnd = ROWS / 2.0;
    for (int turn = -steepest; turn <= steepest; turn++) {
      int last = Math.min(ROWS - 2, ROWS - 2 - turn);
      for (int left = Math.max(1, 1 - turn); left <= last; left += PARALLEL) {
        addUp(left, turn);
        for (int i = 0; i < PARALLEL && left + i <= last; i++) {
          consider(pass, unit, left + i, turn, Math.abs(sums[i]) / COLUMNS);
        }
      }
    }
    if (evidence >= LEAST && center()) {
      return true;
    }
    leftEnd = ROWS / 2.0;
    rightEnd = ROWS / 2.0;
    return false;
  }

  /** The edges on neighboring parallel lines: one sum waits for itself, four hide that. */
  private void addUp(int left, int turn) {
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    int line = (turn + ROWS) * COLUMNS;
    for (int column = 0; column < COLUMNS; column++) {
      int at = ON_LINE[line + column] + left;
      first += edges[at];
      second += edges[at + 1];
      third += edges[at + 2];
      fourth += edges[at + 3];
    }
    sums[0] = first;
    sums[1] = second;
    sums[2] = third;
    sums[3] = fourth;
  }

  private void consider(Pass pass, double unit, int left, int turn, double shown) {
    if (shown > best) {
      double moved = ((2 * left + turn + 1 - ROWS) / 2.0) * unit / pass.move;
      double turned = turn * unit / pass.turn;
      double weighted = shown * Math.exp(-(moved * moved + turned * turned) / 2);
      if (weighted > best) {
        best = weighted;
        evidence = shown;
        leftEnd = left + 0.5;
        rightEnd = left + turn + 0.5;
      }
    }
  }

  /** The edges on a line, added up: those of the other direction count against it. */
  private float along(float left, float right) {
    float slope = (right - left) / COLUMNS;
    float row = left + slope / 2;
    float sum = 0;
    for (int start = 0; start < COLUMNS * ROWS; start += ROWS) {
      sum += edges[start + (int) row];
      row += slope;
    }
    return sum;
  }

  /** Lays the line through the middle of the edge, by least squares over the columns. */
  private boolean center() {
    double slope = (rightEnd - leftEnd) / COLUMNS;
    double direction = Math.signum(along((float) leftEnd, (float) rightEnd));
    double weight = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int column = 0; column < COLUMNS; column++) {
      double x = column + 0.5;
      int middle = (int) (leftEnd + slope * x);
      int last = Math.min(ROWS - 2, middle + 2);
      for (int row = Math.max(1, middle - 2); row <= last; row++) {
        double edge = Math.max(0, direction * edges[column * ROWS + row]);
        double w = edge * edge;
        weight += w;
        sumX += w * x;
        sumY += w * (row + 0.5);
        sumXx += w * x * x;
        sumXy += w * x * (row + 0.5);
      }
    }
    double determinant = weight * sumXx - sumX * sumX;
    // an edge in a single column has no direction
    if (!(determinant > 1e-3 * weight * weight)) {
      return false;
    }
    double fitted = (weight * sumXy - sumX * sumY) / determinant;
    leftEnd = (sumY - fitted * sumX) / weight;
    rightEnd = leftEnd + fitted * COLUMNS;
    return true;
  }
}
