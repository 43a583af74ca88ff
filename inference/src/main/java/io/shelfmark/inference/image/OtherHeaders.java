package io.shelfmark.inference.image;

/** The headers of the formats that a phone seldom makes: GIF, BMP and TIFF. */
final class OtherHeaders {

  private static final int TIFF_WIDTH = 256;
  private static final int TIFF_HEIGHT = 257;
  private static final int TIFF_BITS = 258;
  private static final int TIFF_PHOTOMETRIC = 262;
  private static final int TIFF_RGB = 2;
  private static final int TIFF_CHANNELS = 277;
  private static final int TIFF_LONG = 4;

  private OtherHeaders() {}

  /** GIF89a: the logical screen, which frames may not leave. */
  static ImageHeader gif(HeaderBytes bytes) {
    return new ImageHeader(
        ImageFormat.GIF,
        bytes.u16(6, true),
        bytes.u16(8, true),
        8,
        3,
        true,
        Orientation.UPRIGHT.exif());
  }

  /** BMP: the old core header has 16-bit sides; a negative height means rows from the top. */
  static ImageHeader bmp(HeaderBytes bytes) {
    boolean core = bytes.u32(14, true) == 12;
    long width = core ? bytes.u16(18, true) : (int) bytes.u32(18, true);
    long height = core ? bytes.u16(20, true) : Math.abs((long) (int) bytes.u32(22, true));
    int depth = bytes.u16(core ? 24 : 28, true);
    return new ImageHeader(
        ImageFormat.BMP,
        (int) width,
        (int) Math.min(height, Integer.MAX_VALUE),
        Math.min(depth, 8),
        depth == 32 ? 4 : 3,
        false,
        Orientation.UPRIGHT.exif());
  }

  /** TIFF: the first directory. */
  static ImageHeader tiff(HeaderBytes bytes) {
    boolean little = bytes.has(0, "II");
    long directory = bytes.u32(4, little);
    int count = bytes.u16(directory, little);
    long width = 0;
    long height = 0;
    int bits = 1;
    int channels = 1;
    long photometric = 0;
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + i * 12L;
      int tag = bytes.u16(entry, little);
      long value =
          bytes.u16(entry + 2, little) == TIFF_LONG
              ? bytes.u32(entry + 8, little)
              : bytes.u16(entry + 8, little);
      switch (tag) {
        case TIFF_WIDTH -> width = value;
        case TIFF_HEIGHT -> height = value;
        case TIFF_PHOTOMETRIC -> photometric = value;
        case TIFF_CHANNELS -> channels = (int) value;
        // more than two shorts do not fit in the entry: its value is where they are
        case TIFF_BITS ->
            bits =
                bytes.u32(entry + 4, little) > 2
                    ? bytes.u16(bytes.u32(entry + 8, little), little)
                    : (int) value;
        default -> {
          // not needed
        }
      }
    }
    return new ImageHeader(
        ImageFormat.TIFF,
        (int) Math.min(width, Integer.MAX_VALUE),
        (int) Math.min(height, Integer.MAX_VALUE),
        bits,
        channels,
        channels == 4 && photometric == TIFF_RGB,
        Exif.orientation(bytes, 0, bytes.length()).exif());
  }
}
