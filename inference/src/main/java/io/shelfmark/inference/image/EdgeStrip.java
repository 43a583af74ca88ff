package io.shelfmark.inference.image;

import java.util.Arrays;

/**
 * A strip of the photo along a side of a tag, and the straight line in it on which most of its
 * length has an edge of one direction; see {@link OutlineRefiner} for the method. Holds scratch
 * arrays: one thread at a time.
 */
final class EdgeStrip {

  static final int COLUMNS = 24;
  static final int ROWS = 24;

  /** Gray levels between two rows at which an edge counts half. */
  private static final float FAINT = 10;

  /** What a change by {@code i - 255} gray levels counts as an edge. */
  private static final float[] EDGES = new float[511];

  static {
    for (int i = 0; i < EDGES.length; i++) {
      float change = i - 255;
      EDGES[i] = change * Math.abs(change) / (change * change + FAINT * FAINT);
    }
  }

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

  private final byte[] pixels = new byte[COLUMNS * ROWS];

  /** How much of an edge there is and in which direction, -1 to 1; column by column. */
  private final float[] edges = new float[COLUMNS * ROWS + PARALLEL];

  private final float[] sums = new float[PARALLEL];

  /** The weighed evidence of the best line so far, and what it shows. */
  private double best;

  private double evidence;

  private double leftEnd;

  private double rightEnd;

  /**
   * Samples the strip and seeks the line.
   *
   * @param toPhoto from the strip's {@link #COLUMNS} and {@link #ROWS} to the photo
   * @param step photo pixels from row to row
   * @return whether there is one; else the line is the strip's middle
   */
  boolean find(DecodedPhoto photo, double[] toPhoto, double step, EdgeReach reach) {
    photo.sample(toPhoto, step, pixels, COLUMNS, ROWS);
    findEdges(photo, toPhoto, step);
    return search(reach);
  }

  /** Where the line leaves the strip on the left, in rows. */
  double leftEnd() {
    return leftEnd;
  }

  /** The same on the right. */
  double rightEnd() {
    return rightEnd;
  }

  private void findEdges(DecodedPhoto photo, double[] toPhoto, double step) {
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
          edges[column * ROWS + row] = EDGES[255 + pixel(column, row + 1) - pixel(column, row - 1)];
        }
      }
    }
  }

  private int pixel(int column, int row) {
    return pixels[row * COLUMNS + column] & 0xff;
  }

  /** Finds the line with most evidence through all pairs of rows at the strip's ends. */
  private boolean search(EdgeReach reach) {
    best = 0;
    evidence = 0;
    leftEnd = ROWS / 2.0;
    rightEnd = ROWS / 2.0;
    double strongest = strongest();
    // the least turned first: the sooner the best is known, the fewer lines are added up
    for (int i = 0; i <= 2 * reach.steepest; i++) {
      int turn = i % 2 == 0 ? -i / 2 : (i + 1) / 2;
      int last = Math.min(ROWS - 2, ROWS - 2 - turn);
      for (int left = Math.max(1, 1 - turn); left <= last; left += PARALLEL) {
        int end = Math.min(left + PARALLEL - 1, last);
        if (strongest * reach.mostWeight(left, end, turn) > best) {
          addUp(left, turn);
          for (int line = left; line <= end; line++) {
            consider(reach, line, turn, Math.abs(sums[line - left]) / COLUMNS);
          }
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

  /** No line shows more than this: each column's strongest edge, added up. */
  private double strongest() {
    double sum = 0;
    for (int column = 0; column < COLUMNS; column++) {
      float most = 0;
      for (int at = column * ROWS; at < (column + 1) * ROWS; at++) {
        most = Math.max(most, Math.abs(edges[at]));
      }
      sum += most;
    }
    return sum / COLUMNS;
  }

  private void consider(EdgeReach reach, int left, int turn, double shown) {
    if (shown > best) {
      double weighted = shown * reach.weight(left, turn);
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
