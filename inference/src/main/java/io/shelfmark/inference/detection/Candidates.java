package io.shelfmark.inference.detection;

import java.util.Arrays;

/**
 * What a score map may have found: boxes with a score, each told by the cell it comes from, the
 * surest first once they are sorted. In arrays that are kept from map to map, since of dozens of
 * boxes around each object one stays. For one thread.
 */
final class Candidates {

  private static final int SIDES = 4;

  private int size;
  private double[] boxes = new double[SIDES * 64];
  private int[] cells = new int[64];

  /** The score's bits, inverted, above the index: in ascending order, the surest come first. */
  private long[] order = new long[64];

  private float[] scores = {};

  /** Room for a map's scores, for the caller. */
  float[] scores(int count) {
    if (scores.length < count) {
      scores = new float[count];
    }
    return scores;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** Adds a box; {@code score} is not negative. */
  void add(int cell, float score, double left, double top, double right, double bottom) {
    if (size == cells.length) {
      boxes = Arrays.copyOf(boxes, 2 * boxes.length);
      cells = Arrays.copyOf(cells, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
    }
    int at = SIDES * size;
    boxes[at] = left;
    boxes[at + 1] = top;
    boxes[at + 2] = right;
    boxes[at + 3] = bottom;
    cells[size] = cell;
    order[size] = (long) (Integer.MAX_VALUE - Float.floatToIntBits(score + 0f)) << 32 | size;
    size++;
  }

  /** Puts the surest first; equally sure ones stay in their order. */
  void sort() {
    Arrays.sort(order, 0, size);
  }

  /** Drops all but the first {@code i} and, of the rest, the {@code j}-th: it becomes the next. */
  void keep(int i, int j) {
    order[i] = order[j];
  }

  int cell(int i) {
    return cells[(int) order[i]];
  }

  double left(int i) {
    return boxes[SIDES * (int) order[i]];
  }

  double top(int i) {
    return boxes[SIDES * (int) order[i] + 1];
  }

  double right(int i) {
    return boxes[SIDES * (int) order[i] + 2];
  }

  double bottom(int i) {
    return boxes[SIDES * (int) order[i] + 3];
  }

  /** How much two boxes share: their intersection over their union. */
  double overlap(int i, int j) {
    double width = Math.min(right(i), right(j)) - Math.max(left(i), left(j));
    double height = Math.min(bottom(i), bottom(j)) - Math.max(top(i), top(j));
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double shared = width * height;
    return shared / (area(i) + area(j) - shared);
  }

  private double area(int i) {
    return (right(i) - left(i)) * (bottom(i) - top(i));
  }
}
