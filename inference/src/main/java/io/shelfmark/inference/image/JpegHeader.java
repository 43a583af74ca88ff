package io.shelfmark.inference.image;

/** Walks the marker segments of a JPEG (ITU-T T.81, annex B) up to its first scan. */
final class JpegHeader {

  private static final int SOF0 = 0xc0;
  private static final int SOF15 = 0xcf;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP1 = 0xe1;

  private JpegHeader() {}

  static ImageHeader read(HeaderBytes bytes) {
    Orientation orientation = Orientation.UPRIGHT;
    long frame = -1;
    long at = 2;
    while (true) {
      int marker = marker(bytes, at);
      while (marker == 0xff) {
        marker = marker(bytes, ++at);
      }
      if (marker == SOI || (marker >= 0xd0 && marker < SOI) || marker == 0x01) {
        at += 2;
        continue;
      }
      if (marker == EOI) {
        throw bytes.unreadable(
            "a JPEG without a picture", "a scan before its end marker", "take the photo again");
      }
      long length = bytes.u16(at + 2, false);
      if (length < 2) {
        throw damaged(bytes, at);
      }
      if (marker == SOS) {
        if (frame < 0) {
          throw bytes.unreadable(
              "a JPEG scan without a frame", "a frame header before it", "take the photo again");
        }
        requireEnd(bytes, at + 2 + length);
        return header(bytes, frame, orientation);
      }
      if (marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC) {
        frame = at + 4;
      } else if (marker == APP1 && bytes.has(at + 4, "Exif\0\0")) {
        orientation = Exif.orientation(bytes, at + 10, Math.min(at + 2 + length, bytes.length()));
      }
      at += 2 + length;
    }
  }

  private static int marker(HeaderBytes bytes, long at) {
    if (!bytes.holds(at, 2)) {
      throw bytes.truncated("the scan of a JPEG");
    }
    if (bytes.u8(at) != 0xff) {
      throw damaged(bytes, at);
    }
    return bytes.u8(at + 1);
  }

  private static ImageHeader header(HeaderBytes bytes, long frame, Orientation orientation) {
    int channels = bytes.u8(frame + 5);
    return new ImageHeader(
        ImageFormat.JPEG,
        bytes.u16(frame + 3, false),
        bytes.u16(frame + 1, false),
        bytes.u8(frame),
        channels,
        false,
        orientation.exif());
  }

  /**
   * Within a scan 0xff is always followed by 0 or a restart marker, so an end marker found after
   * the scan's start is the picture's own. Cameras append previews and films behind it, so it need
   * not be last.
   */
  private static void requireEnd(HeaderBytes bytes, long scan) {
    byte[] array = bytes.array();
    for (int i = array.length - 2; i >= scan; i--) {
      if (array[i + 1] == (byte) EOI && array[i] == (byte) 0xff) {
        return;
      }
    }
    throw bytes.truncated("the end marker of a JPEG");
  }

  private static RuntimeException damaged(HeaderBytes bytes, long at) {
    return bytes.unreadable(
        "no JPEG marker at byte " + at, "one", "the file is damaged: copy or upload it again");
  }
}
