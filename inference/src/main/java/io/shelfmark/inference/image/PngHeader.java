package io.shelfmark.inference.image;

/** Walks the chunks of a PNG (W3C PNG, third edition, section 5) from IHDR to IEND. */
final class PngHeader {

  private PngHeader() {}

  static ImageHeader read(HeaderBytes bytes) {
    if (!bytes.has(12, "IHDR")) {
      throw bytes.unreadable(
          "a PNG that does not begin with its header", "IHDR", "take the photo again");
    }
    long width = bytes.u32(16, false);
    long height = bytes.u32(20, false);
    int bits = bytes.u8(24);
    int type = bytes.u8(25);
    boolean alpha = type == 4 || type == 6;
    Orientation orientation = Orientation.UPRIGHT;
    long at = 8;
    while (true) {
      if (!bytes.holds(at, 12)) {
        throw bytes.truncated("the last chunk of a PNG");
      }
      if (bytes.has(at + 4, "IEND")) {
        break;
      }
      long length = bytes.u32(at, false);
      if (!bytes.holds(at + 8, length + 4)) {
        throw bytes.truncated("byte " + (at + 12 + length) + " of a PNG");
      }
      if (bytes.has(at + 4, "tRNS")) {
        alpha = true;
      } else if (bytes.has(at + 4, "eXIf")) {
        orientation = Exif.orientation(bytes, at + 8, at + 8 + length);
      }
      at += 12 + length;
    }
    int channels =
        switch (type) {
          case 0 -> 1;
          case 4 -> 2;
          case 6 -> 4;
          default -> 3;
        };
    return new ImageHeader(
        ImageFormat.PNG, clamp(width), clamp(height), bits, channels, alpha, orientation.exif());
  }

  private static int clamp(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
