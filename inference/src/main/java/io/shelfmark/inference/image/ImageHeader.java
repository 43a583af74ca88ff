package io.shelfmark.inference.image;

import io.shelfmark.inference.UnreadablePhotoException;
import java.util.Objects;

/**
 * What the first bytes of a picture say about it, read without decoding. Immutable.
 *
 * <p>Reading it also refuses files that are cut short wherever the format tells: a JPEG without its
 * end marker, a PNG without its last chunk, a WebP shorter than it says. The decoder would fill the
 * missing part with gray, and a price in a gray patch is a price lost without anyone knowing.
 *
 * @param format told by the content, never by the file's name
 * @param width of the stored picture in pixels, before it is turned upright
 * @param height of the stored picture in pixels, before it is turned upright
 * @param bits per channel: 1 to 16, 32 for floating point TIFF
 * @param channels 1 gray, 3 color or palette, 4 color with alpha or CMYK; 2 gray with alpha
 * @param alpha whether some pixels may be transparent
 * @param orientation EXIF orientation, 1 to 8; 1 when there is none
 */
public record ImageHeader(
    ImageFormat format,
    int width,
    int height,
    int bits,
    int channels,
    boolean alpha,
    int orientation) {

  private static final String FORMATS = "a JPEG, PNG, WebP, BMP, TIFF or GIF picture";
  private static final String RETAKE = "check the file or take the photo again";

  /**
   * Reads the header of {@code bytes}.
   *
   * @param name what messages call the photo
   * @throws UnreadablePhotoException when the bytes are none of the formats, are cut short, or
   *     state an impossible size
   */
  public static ImageHeader read(String name, byte[] bytes) {
    HeaderBytes header = new HeaderBytes(Objects.requireNonNull(name, "name"), bytes);
    if (bytes.length == 0) {
      throw header.unreadable("0 bytes", FORMATS, RETAKE);
    }
    ImageHeader result = parse(header);
    if (result.width < 1 || result.height < 1) {
      throw header.unreadable(
          "%s of %d x %d pixels".formatted(result.format, result.width, result.height),
          "at least 1 x 1",
          RETAKE);
    }
    return result;
  }

  private static ImageHeader parse(HeaderBytes bytes) {
    if (bytes.has(0, "\u00ff\u00d8\u00ff")) {
      return JpegHeader.read(bytes);
    } else if (bytes.has(0, "\u0089PNG\r\n\u001a\n")) {
      return PngHeader.read(bytes);
    } else if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) {
      return WebpHeader.read(bytes);
    } else if (bytes.has(0, "GIF87a") || bytes.has(0, "GIF89a")) {
      return OtherHeaders.gif(bytes);
    } else if (bytes.has(0, "II*\0") || bytes.has(0, "MM\0*")) {
      return OtherHeaders.tiff(bytes);
    } else if (bytes.has(0, "BM")) {
      return OtherHeaders.bmp(bytes);
    }
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < Math.min(8, bytes.length()); i++) {
      start.append(i == 0 ? "" : " ").append("%02x".formatted(bytes.u8(i)));
    }
    throw bytes.unreadable(
        "%d bytes that begin with %s".formatted(bytes.length(), start), FORMATS, RETAKE);
  }

  /** Width of the upright picture in pixels. */
  public int uprightWidth() {
    return Orientation.ofExif(orientation).swapsSides() ? height : width;
  }

  /** Height of the upright picture in pixels. */
  public int uprightHeight() {
    return Orientation.ofExif(orientation).swapsSides() ? width : height;
  }

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }
}
