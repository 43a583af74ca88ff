package io.shelfmark.inference.image;

/**
 * A rectified piece of a photo in grey, as bar code readers take it. Its pixels are the receiver's
 * to change, so it is for one thread.
 */
public final class GreyCrop {

  private final int width;
  private final int height;
  private final byte[] pixels;

  GreyCrop(int width, int height, byte[] pixels) {
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

  /** One byte a pixel, rows from the top without gaps; not copied. */
  public byte[] pixels() {
    return pixels;
  }
}
