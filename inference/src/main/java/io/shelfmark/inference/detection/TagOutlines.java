package io.shelfmark.inference.detection;

import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.util.Arrays;

/**
 * The tags that were found in a photo: their corners and how sure the detector is. In arrays that
 * are kept from photo to photo. For one thread.
 */
public final class TagOutlines {

  /** Numbers of an outline: x and y of its four corners from the top left one clockwise. */
  public static final int NUMBERS = 8;

  private int size;
  private double[] corners = new double[NUMBERS * 32];
  private double[] scores = new double[32];

  /** Forgets all tags. */
  public void clear() {
    size = 0;
  }

  /** How many tags there are. */
  public int size() {
    return size;
  }

  /** Adds a tag: its corners in pixels of the upright photo, and its score, 0 to 1. */
  public void add(double[] outline, double score) {
    if (size == scores.length) {
      corners = Arrays.copyOf(corners, 2 * corners.length);
      scores = Arrays.copyOf(scores, 2 * size);
    }
    System.arraycopy(outline, 0, corners, NUMBERS * size, NUMBERS);
    scores[size++] = score;
  }

  /** Writes the {@value #NUMBERS} numbers of tag {@code i}'s outline into {@code outline}. */
  public void corners(int i, double[] outline) {
    System.arraycopy(corners, NUMBERS * i, outline, 0, NUMBERS);
  }

  /** The detector's score of tag {@code i}, 0 to 1. */
  public double score(int i) {
    return scores[i];
  }

  /** Tag {@code i} as a value that stays. */
  public Detection detection(int i) {
    double[] outline = new double[NUMBERS];
    corners(i, outline);
    return new Detection(outline(outline), scores[i]);
  }

  /** The {@value #NUMBERS} numbers of an outline as a value that stays. */
  public static Outline outline(double[] numbers) {
    return new Outline(
        new Point(numbers[0], numbers[1]),
        new Point(numbers[2], numbers[3]),
        new Point(numbers[4], numbers[5]),
        new Point(numbers[6], numbers[7]));
  }
}
