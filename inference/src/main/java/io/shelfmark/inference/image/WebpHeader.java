package io.shelfmark.inference.image;

/** Reads the RIFF chunks of a WebP (RFC 9649): VP8, VP8L, or VP8X with its EXIF. */
final class WebpHeader {

  private static final int ALPHA = 0x10;
  private static final int EXIF = 0x08;

  private WebpHeader() {}

  static ImageHeader read(HeaderBytes bytes) {
    long end = bytes.u32(4, true) + 8;
    if (end > bytes.length()) {
      throw bytes.truncated("byte " + end + " of a WebP");
    }
    if (bytes.has(12, "VP8 ")) {
      return header(
          bytes.u16(26, true) & 0x3fff, bytes.u16(28, true) & 0x3fff, false, Orientation.UPRIGHT);
    } else if (bytes.has(12, "VP8L")) {
      long packed = bytes.u32(21, true);
      return header(
          (int) (packed & 0x3fff) + 1,
          (int) (packed >> 14 & 0x3fff) + 1,
          (packed >> 28 & 1) == 1,
          Orientation.UPRIGHT);
    } else if (bytes.has(12, "VP8X")) {
      int flags = bytes.u8(20);
      Orientation orientation = (flags & EXIF) != 0 ? exif(bytes, end) : Orientation.UPRIGHT;
      return header(
          bytes.u24Little(24) + 1, bytes.u24Little(27) + 1, (flags & ALPHA) != 0, orientation);
    }
    throw bytes.unreadable("a WebP without a picture", "VP8, VP8L or VP8X", "take the photo again");
  }

  private static Orientation exif(HeaderBytes bytes, long end) {
    long at = 12;
    while (at + 8 <= end) {
      long length = bytes.u32(at + 4, true);
      if (bytes.has(at, "EXIF")) {
        long start = at + 8 + (bytes.has(at + 8, "Exif\0\0") ? 6 : 0);
        return Exif.orientation(bytes, start, Math.min(at + 8 + length, end));
      }
      at += 8 + length + (length & 1);
    }
    return Orientation.UPRIGHT;
  }

  private static ImageHeader header(int width, int height, boolean alpha, Orientation orientation) {
    return new ImageHeader(
        ImageFormat.WEBP, width, height, 8, alpha ? 4 : 3, alpha, orientation.exif());
  }
}
