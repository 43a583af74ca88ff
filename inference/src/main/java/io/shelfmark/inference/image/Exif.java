package io.shelfmark.inference.image;

/**
 * Finds the orientation in a block of EXIF data (TIFF 6.0, section 2: header, then the first image
 * file directory). Damaged EXIF is no reason to lose a photo, so whatever does not parse means
 * upright.
 */
final class Exif {

  private static final int ORIENTATION = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY = 12;

  private Exif() {}

  /**
   * The orientation in the TIFF structure that begins at {@code start} and may reach up to {@code
   * end}.
   */
  static Orientation orientation(HeaderBytes bytes, long start, long end) {
    long value = orientationOffset(bytes, start, end);
    return value < 0
        ? Orientation.UPRIGHT
        : Orientation.ofExif(bytes.u16(value, bytes.has(start, "II")));
  }

  /** Where the 16-bit value of the orientation is, or -1 when there is none. */
  static long orientationOffset(HeaderBytes bytes, long start, long end) {
    boolean little = bytes.has(start, "II*\0");
    if (!little && !bytes.has(start, "MM\0*")) {
      return -1;
    }
    if (!bytes.holds(start, 8) || end > bytes.length()) {
      return -1;
    }
    long directory = start + bytes.u32(start + 4, little);
    if (directory + 2 > end) {
      return -1;
    }
    int count = bytes.u16(directory, little);
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + (long) i * ENTRY;
      if (entry + ENTRY > end) {
        return -1;
      }
      if (bytes.u16(entry, little) == ORIENTATION && bytes.u16(entry + 2, little) == SHORT) {
        return entry + 8;
      }
    }
    return -1;
  }
}
