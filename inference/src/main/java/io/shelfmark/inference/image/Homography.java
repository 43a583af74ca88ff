package io.shelfmark.inference.image;

import io.shelfmark.inference.Outline;

/**
 * A projective mapping of the plane: how a flat tag, seen by a camera, lies in the photo. Made anew
 * from tag to tag in the same memory, since a photo has dozens. For one thread.
 *
 * <p>Solved in closed form from the unit square (P. Heckbert, Fundamentals of Texture Mapping and
 * Image Warping, 1989, section 2.2.3).
 */
public final class Homography {

  private static final double FLAT = 1e-12;

  private final double[] m = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  private final double[] quad = new double[8];

  /**
   * Becomes the mapping that takes the unit square, (0, 0) to (1, 1), to {@code outline}: its top
   * left corner is the image of (0, 0).
   *
   * @return false when three corners lie on one line; the mapping is then undefined
   */
  public boolean takeSquareTo(Outline outline) {
    Quads.set(quad, outline);
    return takeSquareTo(quad);
  }

  /** The same of an outline as x and y of its corners from the top left one clockwise. */
  public boolean takeSquareTo(double[] outline) {
    return Quads.solve(outline, 0, 0, 1, 1, m);
  }

  /** Becomes the mapping back of {@code other}. */
  public void invert(Homography other) {
    double[] o = other.m;
    double m0 = o[4] * o[8] - o[5] * o[7];
    double m1 = o[2] * o[7] - o[1] * o[8];
    double m2 = o[1] * o[5] - o[2] * o[4];
    double m3 = o[5] * o[6] - o[3] * o[8];
    double m4 = o[0] * o[8] - o[2] * o[6];
    double m5 = o[2] * o[3] - o[0] * o[5];
    double m6 = o[3] * o[7] - o[4] * o[6];
    double m7 = o[1] * o[6] - o[0] * o[7];
    double m8 = o[0] * o[4] - o[1] * o[3];
    double scale = Math.abs(m8) > FLAT ? m8 : 1;
    m[0] = m0 / scale;
    m[1] = m1 / scale;
    m[2] = m2 / scale;
    m[3] = m3 / scale;
    m[4] = m4 / scale;
    m[5] = m5 / scale;
    m[6] = m6 / scale;
    m[7] = m7 / scale;
    m[8] = m8 / scale;
  }

  /** Writes to {@code points}, at index {@code at}, x and y of where a point goes. */
  public void map(double x, double y, double[] points, int at) {
    Quads.mapInto(m, x, y, points, at);
  }
}
