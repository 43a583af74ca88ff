package io.shelfmark.inference.image;

/** The picture formats that a photo may come in. */
public enum ImageFormat {
  /** Baseline and progressive; gray, YCbCr, RGB, CMYK and YCCK. */
  JPEG,
  /** All bit depths and color types; the first frame of an animated one. */
  PNG,
  /** Lossy and lossless; the first frame of an animated one. */
  WEBP,
  /** Windows bitmaps. */
  BMP,
  /** Classic TIFF, first page; BigTIFF is refused. */
  TIFF,
  /** The first frame. */
  GIF
}
