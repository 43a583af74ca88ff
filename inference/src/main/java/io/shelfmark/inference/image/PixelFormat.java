package io.shelfmark.inference.image;

/** What is kept of a photo's pixels when it is decoded. */
public enum PixelFormat {

  /** Red, green and blue: about 4.4 bytes a pixel in all. */
  COLOR,

  /**
   * Brightness alone. Of a JPEG nothing else is decoded: about 1.4 bytes a pixel in all, and two
   * thirds of the time. Other formats are decoded in color first, so that the same pixels come out
   * as bright from each of them.
   */
  GRAY
}
