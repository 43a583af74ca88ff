package io.shelfmark.inference.synthetic;

import java.util.Arrays;

/**
 * Blurs packed RGB pixels in place, borders repeated. Red and blue travel in one int, 16 bits each,
 * so taps are 8 bits.
 */
final class Blur {
  private static final int RED_BLUE = 0xFF00FF;
  private static final int ONE = 256;

  private Blur() {}

  /** A bell of this deviation, cut off at 2.2 deviations. */
  static void gaussian(int[] rgb, int width, int height, double deviation) {
    int radius = Math.max(1, (int) Math.ceil(deviation * 2.2));
    double[] bell = new double[2 * radius + 1];
    double sum = 0;
    for (int i = 0; i < bell.length; i++) {
      bell[i] = Math.exp(-(i - radius) * (i - radius) / (2 * deviation * deviation));
      sum += bell[i];
    }
    int[] taps = new int[bell.length];
    int left = ONE;
    for (int i = 0; i < taps.length; i++) {
      taps[i] = (int) (bell[i] / sum * ONE);
      left -= taps[i];
    }
    taps[radius] += left;
    across(rgb, width, height, taps);
    down(rgb, width, height, taps);
  }

  /** The mean of an odd number of pixels along a line. */
  static void box(int[] rgb, int width, int height, int length, boolean upright) {
    int[] taps = new int[length | 1];
    Arrays.fill(taps, ONE / taps.length);
    taps[taps.length / 2] += ONE - ONE / taps.length * taps.length;
    if (upright) {
      down(rgb, width, height, taps);
    } else {
      across(rgb, width, height, taps);
    }
  }

  private static void across(int[] rgb, int width, int height, int[] taps) {
    int radius = taps.length / 2;
    int[] line = new int[width + 2 * radius];
    int[] redBlue = new int[width];
    int[] green = new int[width];
    for (int y = 0; y < height; y++) {
      System.arraycopy(rgb, y * width, line, radius, width);
      Arrays.fill(line, 0, radius, line[radius]);
      Arrays.fill(line, radius + width, line.length, line[radius + width - 1]);
      Arrays.fill(redBlue, 0x800080);
      Arrays.fill(green, 0x80);
      for (int t = 0; t < taps.length; t++) {
        add(line, t, taps[t], redBlue, green);
      }
      store(rgb, y * width, redBlue, green);
    }
  }

  private static void down(int[] rgb, int width, int height, int[] taps) {
    int radius = taps.length / 2;
    int[] source = rgb.clone();
    int[] redBlue = new int[width];
    int[] green = new int[width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(redBlue, 0x800080);
      Arrays.fill(green, 0x80);
      for (int t = 0; t < taps.length; t++) {
        int row = Math.max(0, Math.min(height - 1, y + t - radius));
        add(source, row * width, taps[t], redBlue, green);
      }
      store(rgb, y * width, redBlue, green);
    }
  }

  private static void add(int[] source, int from, int tap, int[] redBlue, int[] green) {
    for (int x = 0; x < redBlue.length; x++) {
      int pixel = source[from + x];
      redBlue[x] += (pixel & RED_BLUE) * tap;
      green[x] += (pixel >> 8 & 255) * tap;
    }
  }

  private static void store(int[] rgb, int to, int[] redBlue, int[] green) {
    for (int x = 0; x < redBlue.length; x++) {
      rgb[to + x] = redBlue[x] >>> 8 & RED_BLUE | green[x] & 0xFF00;
    }
  }
}
