package io.shelfmark.inference.image;

import java.util.Objects;

/**
 * A rectified piece of a photo in gray, as bar code readers take it. Its pixels are shared, never
 * copied: whoever changes them does so for all.
 */
public final class GrayCrop {

  private final int width;
  private final int height;
  private final byte[] pixels;

  /**
   * A crop of these pixels.
   *
   * @param pixels one byte a pixel, 0 black to 255 white, rows from the top without gaps; kept;
   *     what comes behind them is left alone
   * @throws IllegalArgumentException when there are fewer than width x height of them
   */
  public GrayCrop(int width, int height, byte[] pixels) {
    Objects.requireNonNull(pixels, "pixels");
    if (width < 1 || height < 1 || pixels.length < (long) width * height) {
      throw new IllegalArgumentException(
          "Cannot make gray crop: found %d bytes for %d x %d pixels, expected one byte a pixel"
              .formatted(pixels.length, width, height));
    }
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /**
   * One byte a pixel, rows from the top without gaps, perhaps with others behind them; not copied.
   */
  public byte[] pixels() {
    return pixels;
  }

  /** Turned by 90 degrees clockwise. */
  public GrayCrop turned() {
    byte[] turned = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        turned[x * height + height - 1 - y] = pixels[y * width + x];
      }
    }
    return new GrayCrop(/* width= */ height, /* height= */ width, turned);
  }

  /** Twice as wide and high, interpolated linearly. */
  public GrayCrop doubled() {
    byte[] doubled = new byte[4 * width * height];
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
    return new GrayCrop(2 * width, 2 * height, doubled);
  }

  private int at(int x, int y) {
    return pixels[y * width + x] & 0xff;
  }

  private static int clamp(int value, int size) {
    return Math.max(0, Math.min(size - 1, value));
  }
}
