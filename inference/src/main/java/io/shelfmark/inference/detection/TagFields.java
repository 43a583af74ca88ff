package io.shelfmark.inference.detection;

import java.util.Arrays;

/**
 * The fields of tags, tag by tag: what each is, where, and how sure the detector is of it. In
 * arrays that are kept from photo to photo, which may have hundreds of fields. For one thread.
 */
public final class TagFields {

  private static final int SIDES = 4;

  private int size;
  private FieldKind[] kinds = new FieldKind[64];
  private double[] boxes = new double[SIDES * 64];
  private double[] scores = new double[64];

  private int tags;

  /** Of each tag the index behind its last field. */
  private int[] ends = new int[32];

  /** Forgets all tags. */
  public void clear() {
    size = 0;
    tags = 0;
  }

  /**
   * Adds a field to the tag at hand: its box in pixels of the rectified tag's canvas, and its
   * score, 0 to 1.
   */
  public void add(
      FieldKind kind, double left, double top, double right, double bottom, double score) {
    if (size == scores.length) {
      kinds = Arrays.copyOf(kinds, 2 * size);
      boxes = Arrays.copyOf(boxes, 2 * boxes.length);
      scores = Arrays.copyOf(scores, 2 * size);
    }
    kinds[size] = kind;
    scores[size] = score;
    int at = SIDES * size++;
    boxes[at] = left;
    boxes[at + 1] = top;
    boxes[at + 2] = right;
    boxes[at + 3] = bottom;
  }

  /** Ends the tag at hand: what is added from now on is of the next one. */
  public void endTag() {
    if (tags == ends.length) {
      ends = Arrays.copyOf(ends, 2 * tags);
    }
    ends[tags++] = size;
  }

  /** How many fields of a kind the tag at hand has so far. */
  int count(FieldKind kind) {
    int count = 0;
    for (int i = tags == 0 ? 0 : ends[tags - 1]; i < size; i++) {
      count += kinds[i] == kind ? 1 : 0;
    }
    return count;
  }

  /** How many tags there are. */
  public int tags() {
    return tags;
  }

  /** How many fields all tags have. */
  public int size() {
    return size;
  }

  /** The first field of a tag. */
  public int start(int tag) {
    return tag == 0 ? 0 : ends[tag - 1];
  }

  /** The index behind the last field of a tag. */
  public int end(int tag) {
    return ends[tag];
  }

  /** What field {@code i} is. */
  public FieldKind kind(int i) {
    return kinds[i];
  }

  /** The detector's score of field {@code i}, 0 to 1. */
  public double score(int i) {
    return scores[i];
  }

  /** The left edge of field {@code i}. */
  public double left(int i) {
    return boxes[SIDES * i];
  }

  /** The top edge of field {@code i}. */
  public double top(int i) {
    return boxes[SIDES * i + 1];
  }

  /** The right edge of field {@code i}. */
  public double right(int i) {
    return boxes[SIDES * i + 2];
  }

  /** The bottom edge of field {@code i}. */
  public double bottom(int i) {
    return boxes[SIDES * i + 3];
  }
}
