package io.shelfmark.inference.parsing;

/** Gray pixels, one byte each, rows from the top. The array is shared, never changed. */
final class GrayCrop {

  private final byte[] pixels;
  private final int width;
  private final int height;

  GrayCrop(byte[] pixels, int width, int height) {
    this.pixels = pixels;
    this.width = width;
    this.height = height;
  }

  byte[] pixels() {
    return pixels;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Turned by 90 degrees clockwise. */
  GrayCrop turned() {
    byte[] turned = new byte[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        turned[x * height + height - 1 - y] = pixels[y * width + x];
      }
    }
    return new GrayCrop(turned, /* width= */ height, /* height= */ width);
  }

  /** Twice as wide and high, interpolated linearly. */
  GrayCrop doubled() {
    byte[] doubled = new byte[4 * pixels.length];
    for (int y = 0; y < 2 * height; y++) {
      int y0 = clamp((y - 1) >> 1, height);
      int y1 = clamp((y + 1) >> 1, height);
      int below = (y & 1) == 0 ? 3 : 1;
      for (int x = 0; x < 2 * width; x++) {
        int x0 = clamp((x - 1) >> 1, width);
        int x1 = clamp((x + 1) >> 1, width);
        int right = (x & 1) == 0 ? 3 : 1;
        int top = (4 - right) * at(x0, y0) + right * at(x1, y0);
        int bottom = (4 - right) * at(x0, y1) + right * at(x1, y1);
        doubled[y * 2 * width + x] = (byte) (((4 - below) * top + below * bottom + 8) >> 4);
      }
    }
    return new GrayCrop(doubled, 2 * width, 2 * height);
  }

  private int at(int x, int y) {
    return pixels[y * width + x] & 0xff;
  }

  private static int clamp(int value, int size) {
    return Math.max(0, Math.min(size - 1, value));
  }
}
