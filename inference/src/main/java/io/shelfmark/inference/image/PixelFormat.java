package io.shelfmark.inference.image;

/** What is kept of a photo's pixels when it is decoded, and what a model is shown of them. */
public enum PixelFormat {

  /** Red, green and blue: about 4.4 bytes a pixel in all. */
  COLOR(3),

  /**
   * Brightness alone. Of a JPEG nothing else is decoded: about 1.4 bytes a pixel in all, and two
   * thirds of the time. Other formats are decoded in color first, so that the same pixels come out
   * as bright from each of them.
   */
  GRAY(1);

  private final int planes;

  PixelFormat(int planes) {
    this.planes = planes;
  }

  /** How many planes a model's input of it has: red, green and blue, or one. */
  public int planes() {
    return planes;
  }
}
