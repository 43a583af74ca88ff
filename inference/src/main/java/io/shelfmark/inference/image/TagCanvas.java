package io.shelfmark.inference.image;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.util.Arrays;

/**
 * The rectified view of one tag in which the field detector works: 320 x 192 pixels, the outline's
 * corners at (24, 20) and (296, 172), what lies around the tag in the margin. Laid anew from tag to
 * tag, since a photo has dozens. For one thread.
 */
public final class TagCanvas {

  /** Width of the canvas in pixels. */
  public static final int WIDTH = 320;

  /** Height of the canvas in pixels. */
  public static final int HEIGHT = 192;

  /** Height of a line in pixels. */
  public static final int LINE_HEIGHT = 32;

  /** Smallest width of a line in pixels. */
  public static final int MIN_LINE_WIDTH = 16;

  /** Largest width of a line in pixels; longer ones are squeezed. */
  public static final int MAX_LINE_WIDTH = 640;

  static final double LEFT = 24;
  static final double TOP = 20;
  static final double RIGHT = 296;
  static final double BOTTOM = 172;

  private static final double PAD_ALONG = 0.12;
  private static final double PAD_ACROSS = 0.06;

  private final double[] toPhoto = new double[9];
  private final double[] corners = new double[8];

  /** A canvas that is yet to be laid over a tag. */
  public TagCanvas() {
    Arrays.fill(toPhoto, Double.NaN);
  }

  /** The canvas of the tag with {@code outline}. */
  public TagCanvas(Outline outline) {
    lay(outline);
  }

  /**
   * Whether an outline can be rectified: its corners, x and y from the top left one, go round
   * clockwise without a dent.
   */
  public static boolean canRectify(double[] corners) {
    return Quads.isConvex(corners);
  }

  /**
   * Becomes the canvas of the tag with {@code outline}. An outline without an area gives lines at
   * no place, which warp to gray.
   */
  public void lay(Outline outline) {
    Quads.set(corners, outline);
    lay(corners);
  }

  /** The same of an outline as x and y of its corners from the top left one clockwise. */
  public void lay(double[] quad) {
    if (!Quads.solve(quad, LEFT, TOP, RIGHT, BOTTOM, toPhoto)) {
      Arrays.fill(toPhoto, Double.NaN);
    }
  }

  /**
   * Where a line lies in the photo, with the margin the text recognizer expects: 12 % of the box's
   * height on the left and right, 6 % above and below.
   *
   * @param left edges of the line's box, in canvas pixels
   * @param quad receives x and y of the top left, top right, bottom right and bottom left corner,
   *     in photo pixels
   */
  public void line(double left, double top, double right, double bottom, double[] quad) {
    double along = PAD_ALONG * (bottom - top);
    double across = PAD_ACROSS * (bottom - top);
    Quads.mapInto(toPhoto, left - along, top - across, quad, 0);
    Quads.mapInto(toPhoto, right + along, top - across, quad, 2);
    Quads.mapInto(toPhoto, right + along, bottom + across, quad, 4);
    Quads.mapInto(toPhoto, left - along, bottom + across, quad, 6);
  }

  /**
   * Where {@code box} lies in the photo, without a margin.
   *
   * @throws IllegalArgumentException when the tag's outline has no area or the box reaches over its
   *     horizon
   */
  public Outline toPhoto(Box box) {
    return new Outline(
        map(box.left(), box.top()),
        map(box.right(), box.top()),
        map(box.right(), box.bottom()),
        map(box.left(), box.bottom()));
  }

  private Point map(double x, double y) {
    double w = toPhoto[6] * x + toPhoto[7] * y + toPhoto[8];
    return new Point(
        (toPhoto[0] * x + toPhoto[1] * y + toPhoto[2]) / w,
        (toPhoto[3] * x + toPhoto[4] * y + toPhoto[5]) / w);
  }

  /**
   * The width at which a line of height 32 keeps the proportions it has in the photo, from 16 to
   * 640.
   */
  public static int lineWidth(double[] quad) {
    double width =
        Math.floor(LINE_HEIGHT * Quads.along(quad) / Math.max(Quads.across(quad), 1e-6) + 0.5);
    return (int) Math.min(Math.max(width, MIN_LINE_WIDTH), MAX_LINE_WIDTH);
  }
}
