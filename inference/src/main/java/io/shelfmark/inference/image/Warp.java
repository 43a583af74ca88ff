package io.shelfmark.inference.image;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Samples a gray picture through a homography, bilinearly; what lies outside is gray 114. Same
 * result as OpenCV's warpPerspective with a constant border, within one gray level.
 *
 * <p>A row is cut into spans that are short enough for the mapping to be a parabola in them (to
 * 1/16 pixel; most rows are one span); positions are fixed point with 14 fractional bits. Within a
 * span that lies inside the picture three plain loops run: positions, gathering the four neighbors
 * into one int, and mixing. The first and the last are vectorized by the JIT; together they take
 * about 2.5 ns a pixel, half of what one loop takes (and of what warpPerspective takes with
 * AVX-512). Spans that touch the border are halved down to a few pixels, and those that still do
 * are sampled pixel by pixel in double precision.
 *
 * <p>Holds scratch memory: one thread at a time.
 */
final class Warp {

  static final float FILL = 114;

  /** Largest width that one call can make. */
  static final int MAX_WIDTH = 4096;

  private static final int FRACTION = 14;
  private static final int ONE = 1 << FRACTION;
  private static final int MAX_SIDE = Integer.MAX_VALUE >> FRACTION;
  private static final int SHORTEST_SPAN = 8;

  /** The largest width and height that are sampled as one row: steps are rounded. */
  private static final int BLOCK = 64;

  private static final int BEND_FRACTION = 12;

  /** A parabola that leaves its chord by more than 16 pixels could overflow. */
  private static final int MAX_BULGE = 32 << FRACTION;

  private static final double TOLERANCE = 1.0 / 16;
  private static final double HORIZON = 1e-9;
  private static final int VALUE_ONE = 1 << 16;

  private final Span span = new Span();
  private int[] index = new int[0];
  private int[] count = new int[0];
  private int[] weights = new int[0];
  private int[] values = new int[0];
  private float[] row = new float[0];

  /** A picture of one byte a pixel within {@code memory}, rows without gaps. */
  record Plane(ByteBuffer memory, int start, int width, int height) {}

  /** Positions of consecutive pixels: {@code x + k dx + bendX k (length - k)}, fixed point. */
  private static final class Span {
    int from;
    int length;
    int x;
    int y;
    int dx;
    int dy;
    int bendX;
    int bendY;
  }

  /**
   * Fills {@code height} rows of {@code width} floats 0..255, {@code stride} apart, beginning at
   * {@code offset}.
   */
  void toFloats(
      Plane plane,
      double[] matrix,
      FloatBuffer target,
      int offset,
      int stride,
      int width,
      int height) {
    int span = prepare(plane, matrix, width, height);
    for (int y = 0; y < height; y++) {
      sampleRow(plane, matrix, y, width, span);
      convert(values, row, width);
      target.put(offset + y * stride, row, 0, width);
    }
  }

  /** Fills {@code width * height} bytes. */
  void toBytes(Plane plane, double[] matrix, byte[] target, int width, int height) {
    if (width <= BLOCK && height <= BLOCK && locateBlock(plane, matrix, width, height)) {
      sample(plane, 0, width * height);
      for (int i = 0; i < width * height; i++) {
        target[i] = (byte) ((values[i] + VALUE_ONE / 2) >> 16);
      }
      return;
    }
    int span = prepare(plane, matrix, width, height);
    for (int y = 0; y < height; y++) {
      sampleRow(plane, matrix, y, width, span);
      for (int x = 0; x < width; x++) {
        target[y * width + x] = (byte) ((values[x] + VALUE_ONE / 2) >> 16);
      }
    }
  }

  /** Fills a block of {@code width} columns with gray 114. */
  void pad(FloatBuffer target, int offset, int stride, int width, int height) {
    grow(width);
    Arrays.fill(row, 0, width, FILL);
    for (int y = 0; y < height; y++) {
      target.put(offset + y * stride, row, 0, width);
    }
  }

  private void grow(int width) {
    if (index.length < width) {
      int size = Math.max(width, 640);
      index = new int[size];
      weights = new int[size];
      values = new int[size];
      row = new float[size];
      count = new int[size];
      for (int i = 0; i < size; i++) {
        count[i] = i;
      }
    }
  }

  private int prepare(Plane plane, double[] m, int width, int height) {
    grow(width);
    if (plane.width > MAX_SIDE || plane.height > MAX_SIDE) {
      return 0;
    }
    int parts = 1;
    int span = width;
    double bend = bend(m, width, height, span);
    while (span > SHORTEST_SPAN && !(bend <= TOLERANCE)) {
      // the deviation grows with the cube of the length
      double ratio = Math.cbrt(bend / TOLERANCE);
      parts = Math.max(parts + 1, (int) Math.min(parts * ratio, width));
      span = Math.max(SHORTEST_SPAN, (width + parts - 1) / parts);
      bend = bend(m, width, height, span);
    }
    // next to the horizon not even the shortest span is a parabola
    return bend <= TOLERANCE ? span : 0;
  }

  private static double bend(double[] m, int width, int height, int span) {
    int last = width - span;
    return Math.max(
        Math.max(bend(m, 0.0, 0.0, span), bend(m, last, 0.0, span)),
        Math.max(bend(m, 0.0, height, span), bend(m, last, (double) height, span)));
  }

  /**
   * How far a parabola through both ends and the middle of a span misses its quarters, in source
   * pixels.
   */
  private static double bend(double[] m, double x, double y, int span) {
    double w0 = m[6] * x + m[7] * y + m[8];
    double wn = m[6] * span;
    return Math.max(
        bend(m[0] * x + m[1] * y + m[2], m[0] * span, w0, wn),
        bend(m[3] * x + m[4] * y + m[5], m[3] * span, w0, wn));
  }

  private static double bend(double p, double step, double w, double wStep) {
    double start = p / w;
    double middle = (p + step / 2) / (w + wStep / 2);
    double end = (p + step) / (w + wStep);
    double quarter = (p + step / 4) / (w + wStep / 4);
    double threeQuarters = (p + step * 3 / 4) / (w + wStep * 3 / 4);
    double first = (3 * start + 6 * middle - end) / 8 - quarter;
    double second = (3 * end + 6 * middle - start) / 8 - threeQuarters;
    return Math.max(Math.abs(first), Math.abs(second));
  }

  private void sampleRow(Plane plane, double[] m, int y, int width, int longest) {
    if (longest == 0) {
      sampleSlowly(plane, m, y, 0, width);
      return;
    }
    int located = 0;
    for (int from = 0; from < width; from += longest) {
      located = sampleSpan(plane, m, y, from, Math.min(longest, width - from), located);
    }
    sample(plane, located, width);
  }

  /**
   * Locates a span, or samples it slowly when it is short and not wholly inside the picture; a long
   * one is halved first, so that one pixel outside does not slow a whole row down.
   *
   * @param located pixels from here to the span have been located but not sampled
   * @return the same for the span's end
   */
  private int sampleSpan(Plane plane, double[] m, int y, int from, int length, int located) {
    if (locateSpan(plane, m, y, from, length)) {
      return located;
    }
    if (length > SHORTEST_SPAN) {
      int half = length / 2;
      int next = sampleSpan(plane, m, y, from, half, located);
      return sampleSpan(plane, m, y, from + half, length - half, next);
    }
    sample(plane, located, from);
    sampleSlowly(plane, m, y, from, from + length);
    return from + length;
  }

  private boolean locateSpan(Plane plane, double[] m, int y, int from, int n) {
    double p0 = m[6] * from + m[7] * y + m[8];
    double p1 = p0 + m[6] * n;
    if (!(p0 > HORIZON && p1 > HORIZON)) {
      return false;
    }
    double px = m[0] * from + m[1] * y + m[2];
    double py = m[3] * from + m[4] * y + m[5];
    double unit = ONE / p0;
    int x0 = (int) (px * unit);
    int y0 = (int) (py * unit);
    unit = ONE / (p0 + m[6] * n / 2);
    int middleX = (int) ((px + m[0] * n / 2) * unit);
    int middleY = (int) ((py + m[3] * n / 2) * unit);
    unit = ONE / p1;
    int x1 = (int) ((px + m[0] * n) * unit);
    int y1 = (int) ((py + m[3] * n) * unit);
    // a parabola stays within the triangle of its ends and its control point
    int bulgeX = 2 * middleX - (x0 + x1);
    int bulgeY = 2 * middleY - (y0 + y1);
    int maxX = ((plane.width - 1) << FRACTION) - 1;
    int maxY = ((plane.height - 1) << FRACTION) - 1;
    if (!inside(x0, x1, middleX + bulgeX / 2, maxX)
        || !inside(y0, y1, middleY + bulgeY / 2, maxY)
        || Math.abs(bulgeX) >= MAX_BULGE
        || Math.abs(bulgeY) >= MAX_BULGE) {
      return false;
    }
    span.from = from;
    span.length = n;
    span.x = x0;
    span.y = y0;
    span.dx = (x1 - x0) / n;
    span.dy = (y1 - y0) / n;
    // at the middle, k (n - k) is n * n / 4 and the parabola half the bulge off the chord
    span.bendX = (int) (((2L * bulgeX) << BEND_FRACTION) / ((long) n * n));
    span.bendY = (int) (((2L * bulgeY) << BEND_FRACTION) / ((long) n * n));
    if (span.bendX == 0 && span.bendY == 0) {
      locateStraight(index, weights, count, span, plane.width, plane.start);
    } else {
      locate(index, weights, count, span, plane.width, plane.start);
    }
    return true;
  }

  /**
   * Locates a small block as if it were one row, where the mapping has no perspective and stays
   * inside the picture: rows of a few pixels cost more to begin than to sample.
   */
  private boolean locateBlock(Plane plane, double[] m, int width, int height) {
    if (m[6] != 0
        || m[7] != 0
        || m[8] != 1
        || !inside(plane, m, 0, 0)
        || !inside(plane, m, width, 0)
        || !inside(plane, m, 0, height)
        || !inside(plane, m, width, height)) {
      return false;
    }
    grow(width * height);
    span.length = width;
    span.dx = (int) (m[0] * ONE);
    span.dy = (int) (m[3] * ONE);
    for (int y = 0; y < height; y++) {
      span.from = y * width;
      span.x = (int) ((m[1] * y + m[2]) * ONE);
      span.y = (int) ((m[4] * y + m[5]) * ONE);
      locateStraight(index, weights, count, span, plane.width, plane.start);
    }
    return true;
  }

  /** Whether a point lies inside by a pixel, which is more than what rounding may move it. */
  private static boolean inside(Plane plane, double[] m, double x, double y) {
    double px = m[0] * x + m[1] * y + m[2];
    double py = m[3] * x + m[4] * y + m[5];
    return px >= 1
        && py >= 1
        && px < Math.min(MAX_SIDE, plane.width - 2)
        && py < Math.min(MAX_SIDE, plane.height - 2);
  }

  private void sample(Plane plane, int from, int to) {
    gather(plane.memory, index, values, plane.width, from, to);
    mix(values, weights, from, to);
  }

  private static boolean inside(int a, int b, int c, int max) {
    return (a | b | c | (max - a) | (max - b) | (max - c)) >= 0;
  }

  private static void locate(
      int[] index, int[] weights, int[] count, Span span, int width, int start) {
    int from = span.from;
    int n = span.length;
    int x0 = span.x;
    int y0 = span.y;
    int dx = span.dx;
    int dy = span.dy;
    int bendX = span.bendX;
    int bendY = span.bendY;
    for (int i = from; i < from + n; i++) {
      int k = count[i] - from;
      int parabola = k * (n - k);
      int x = x0 + k * dx + ((bendX * parabola) >> BEND_FRACTION);
      int y = y0 + k * dy + ((bendY * parabola) >> BEND_FRACTION);
      index[i] = (y >> FRACTION) * width + (x >> FRACTION) + start;
      weights[i] = ((x >> (FRACTION - 8)) & 255) | ((y >> (FRACTION - 8)) & 255) << 8;
    }
  }

  /** {@link #locate} for a span without a bend. */
  private static void locateStraight(
      int[] index, int[] weights, int[] count, Span span, int width, int start) {
    int from = span.from;
    int dx = span.dx;
    int dy = span.dy;
    int x0 = span.x - from * dx;
    int y0 = span.y - from * dy;
    int to = from + span.length;
    for (int i = from; i < to; i++) {
      int x = x0 + count[i] * dx;
      int y = y0 + count[i] * dy;
      index[i] = (y >> FRACTION) * width + (x >> FRACTION) + start;
      weights[i] = ((x >> (FRACTION - 8)) & 255) | ((y >> (FRACTION - 8)) & 255) << 8;
    }
  }

  private static void gather(
      ByteBuffer memory, int[] index, int[] values, int width, int from, int to) {
    for (int i = from; i < to; i++) {
      int p = index[i];
      values[i] = (memory.getShort(p) & 0xffff) | (memory.getShort(p + width) << 16);
    }
  }

  /** Bytes of an int, from the lowest: top left, top right, bottom left, bottom right. */
  private static void mix(int[] values, int[] weights, int from, int to) {
    for (int i = from; i < to; i++) {
      int four = values[i];
      int fx = weights[i] & 255;
      int fy = weights[i] >> 8;
      int rows = (four & 0x00ff00ff) * (256 - fx) + ((four >>> 8) & 0x00ff00ff) * fx;
      int top = rows & 0xffff;
      values[i] = (top << 8) + ((rows >>> 16) - top) * fy;
    }
  }

  /** Apart from {@link #mix}: conversion to float is what the JIT of Java 17 does not vectorize. */
  private static void convert(int[] values, float[] row, int width) {
    for (int i = 0; i < width; i++) {
      row[i] = values[i] * (1f / VALUE_ONE);
    }
  }

  private void sampleSlowly(Plane plane, double[] m, int y, int from, int to) {
    for (int x = from; x < to; x++) {
      double w = m[6] * x + m[7] * y + m[8];
      double sx = (m[0] * x + m[1] * y + m[2]) / w;
      double sy = (m[3] * x + m[4] * y + m[5]) / w;
      double value = FILL;
      // a comparison with NaN is false: degenerate matrices give gray
      if (w > HORIZON && sx > -1 && sy > -1 && sx < plane.width && sy < plane.height) {
        int ix = (int) Math.floor(sx);
        int iy = (int) Math.floor(sy);
        double fx = sx - ix;
        double fy = sy - iy;
        double top = pixel(plane, ix, iy) * (1 - fx) + pixel(plane, ix + 1, iy) * fx;
        double bottom = pixel(plane, ix, iy + 1) * (1 - fx) + pixel(plane, ix + 1, iy + 1) * fx;
        value = top * (1 - fy) + bottom * fy;
      }
      values[x] = (int) (value * VALUE_ONE);
    }
  }

  private static double pixel(Plane plane, int x, int y) {
    if (x < 0 || y < 0 || x >= plane.width || y >= plane.height) {
      return FILL;
    }
    return plane.memory.get(plane.start + y * plane.width + x) & 0xff;
  }
}
