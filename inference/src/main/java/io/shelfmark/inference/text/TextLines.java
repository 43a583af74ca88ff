package io.shelfmark.inference.text;

import io.shelfmark.inference.image.TagCanvas;
import java.util.Arrays;

/**
 * Lines of text to be read: where each is and what it holds. In arrays that are kept from photo to
 * photo, which may have hundreds of lines. For one thread.
 */
public final class TextLines {

  /** What a line holds, which decides how it is read. */
  public enum Kind {
    /** Words: the likeliest character of each column. */
    TEXT,
    /** A line of a product's name: what the columns say, weighed by how names are spelled. */
    NAME,
    /**
     * A price: drawn out to twice its width, since raised kopecks are small, and read with its
     * alternatives, since a second guess can be checked by arithmetic.
     */
    PRICE
  }

  private static final int PRICE_STRETCH = 2;
  private static final int QUAD = 8;

  /** Of a line's height, what the detector's box leaves blank beside the print. */
  private static final double MARGIN = 0.1;

  private int size;
  private double[] quads = new double[QUAD * 64];
  private Kind[] kinds = new Kind[64];
  private int[] widths = new int[64];
  private int[] fields = new int[64];
  private final double[] quad = new double[QUAD];

  /** Forgets all lines. */
  public void clear() {
    size = 0;
  }

  /** How many lines there are. */
  public int size() {
    return size;
  }

  /**
   * Adds the line of a field.
   *
   * @param corners x and y from the top left one clockwise, in pixels of the upright photo
   * @param field index of the field, under which the line's readings are kept
   */
  public void add(double[] corners, Kind kind, int field) {
    if (size == widths.length) {
      quads = Arrays.copyOf(quads, 2 * quads.length);
      kinds = Arrays.copyOf(kinds, 2 * size);
      widths = Arrays.copyOf(widths, 2 * size);
      fields = Arrays.copyOf(fields, 2 * size);
    }
    System.arraycopy(corners, 0, quads, QUAD * size, QUAD);
    kinds[size] = kind;
    fields[size] = field;
    int width = TagCanvas.lineWidth(corners);
    widths[size] =
        kind == Kind.PRICE ? Math.min(PRICE_STRETCH * width, TagCanvas.MAX_LINE_WIDTH) : width;
    size++;
  }

  /**
   * Corners of line {@code i}, x and y from the top left one clockwise, in pixels of the upright
   * photo; valid until the next call.
   */
  double[] quad(int i) {
    System.arraycopy(quads, QUAD * i, quad, 0, QUAD);
    return quad;
  }

  int field(int i) {
    return fields[i];
  }

  Kind kind(int i) {
    return kinds[i];
  }

  /**
   * Whether the photo's edge cuts line {@code i} off: whether its right end, less the margin around
   * the print, lies outside of a photo of {@code width} x {@code height} pixels.
   */
  boolean isCutOff(int i, int width, int height) {
    double[] corners = quad(i);
    double endX = (corners[2] + corners[4]) / 2;
    double endY = (corners[3] + corners[5]) / 2;
    double startX = (corners[0] + corners[6]) / 2;
    double startY = (corners[1] + corners[7]) / 2;
    double across = Math.hypot(corners[4] - corners[2], corners[5] - corners[3]);
    double margin = MARGIN * across / Math.hypot(endX - startX, endY - startY);
    double x = endX - margin * (endX - startX);
    double y = endY - margin * (endY - startY);
    return x < 0 || y < 0 || x > width || y > height;
  }

  /** The width at which line {@code i} is read, in pixels. */
  int width(int i) {
    return widths[i];
  }
}
