package io.shelfmark.inference.image;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.UnreadablePhotoException;
import java.util.ArrayDeque;
import java.util.Objects;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * Makes photos out of bytes: JPEG, PNG, WebP, BMP, TIFF and GIF. Transparent pixels come out over
 * white, 16 bits as 8, gray and CMYK as color, of an animation the first frame, a picture with an
 * EXIF orientation upright.
 *
 * <p>Refused, by {@link UnreadablePhotoException}: what is none of these, is cut short or damaged,
 * states more pixels than the limit (before anything is decoded or allocated), or is not the size
 * its header states.
 *
 * <p>Of a damaged file the native decoders may tell on the process's standard error besides; what a
 * caller needs is in the exception. {@code OPENCV_LOG_LEVEL=SILENT} in the environment quiets
 * OpenCV's part.
 *
 * <p>Thread-safe. The decoder keeps the native memory of photos that were closed for the next ones:
 * as many buffers as were in use at once, up to {@code maxIdle}, none of more than 256 MB. A photo
 * takes its file's size while it is open, and for each decoded pixel what {@link PixelFormat} says;
 * the memory of photos in use is bounded by how many the caller opens at once. {@link #close} frees
 * what is idle; photos still open free theirs when they are closed.
 */
public final class PhotoDecoder implements AutoCloseable {

  /** Photos of more than 100 megapixels are refused unless told otherwise. */
  public static final long DEFAULT_MAX_PIXELS = 100_000_000;

  /** No limit may be above this: offsets into a photo of three bytes a pixel are ints. */
  public static final long MOST_PIXELS = 500_000_000;

  private static final long IDLE_BYTES = 256L << 20;
  private static final int IGNORE_ORIENTATION = opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

  // A picture of one color can be packed far denser than a photo; above this it is a bomb.
  private static final long PIXELS_PER_BYTE = 10_000;
  private static final long UNSUSPICIOUS_PIXELS = 16_000_000;

  private final long maxPixels;
  private final int maxIdle;

  // guarded by idle
  private final ArrayDeque<PhotoBuffers> idle = new ArrayDeque<>();
  private boolean closed;

  /**
   * A decoder with limits.
   *
   * @param maxPixels larger photos are refused; at most 500 million
   * @param maxIdle buffers kept for the next photos: as many as threads decode at once
   */
  public PhotoDecoder(long maxPixels, int maxIdle) {
    if (maxPixels < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "Cannot limit photos: found %d pixels, expected 1 to %d"
              .formatted(maxPixels, MOST_PIXELS));
    }
    if (maxIdle < 0) {
      throw new IllegalArgumentException(
          "Cannot keep buffers: found %d, expected 0 or more".formatted(maxIdle));
    }
    this.maxPixels = maxPixels;
    this.maxIdle = maxIdle;
  }

  /**
   * A decoder with the default limit that keeps nothing between photos, so it need not be closed.
   */
  public static PhotoDecoder standard() {
    return new PhotoDecoder(DEFAULT_MAX_PIXELS, 0);
  }

  /**
   * Decodes a photo in color at full size.
   *
   * @param name what messages call the photo
   * @throws UnreadablePhotoException when the bytes are not a picture that can be decoded
   * @throws ModelException when the native library is missing
   * @throws IllegalStateException when this decoder is closed
   */
  public DecodedPhoto decode(String name, byte[] bytes) {
    return decode(name, bytes, PixelFormat.COLOR);
  }

  /**
   * Decodes a photo at full size.
   *
   * @param name what messages call the photo
   * @throws UnreadablePhotoException when the bytes are not a picture that can be decoded
   * @throws ModelException when the native library is missing
   * @throws IllegalStateException when this decoder is closed
   */
  public DecodedPhoto decode(String name, byte[] bytes, PixelFormat format) {
    return decode(name, bytes, format, Integer.MAX_VALUE);
  }

  /**
   * Decodes a photo no larger than needed: a JPEG at 1/2, 1/4 or 1/8 as long as its longer side
   * keeps {@code minLongSide} pixels; it then takes less time and a fraction of the memory. Other
   * formats come at full size. Coordinates stay those of the full size.
   *
   * @throws UnreadablePhotoException when the bytes are not a picture that can be decoded
   * @throws ModelException when the native library is missing
   * @throws IllegalStateException when this decoder is closed
   */
  public DecodedPhoto decode(String name, byte[] bytes, PixelFormat format, int minLongSide) {
    ImageHeader header = header(name, bytes);
    ImageNatives.ensureLoaded();
    int reduction = reduction(header, minLongSide);
    PhotoBuffers buffers = acquire();
    try {
      decode(name, bytes, header, format, reduction, buffers);
      DecodedPhoto photo = new DecodedPhoto(this, header, format, reduction, buffers);
      buffers = null;
      return photo;
    } finally {
      if (buffers != null) {
        release(buffers);
      }
    }
  }

  /**
   * What the photo says of itself, if it may be decoded at all; nothing is decoded.
   *
   * @throws UnreadablePhotoException when the bytes are not a picture or it is too large
   */
  public ImageHeader header(String name, byte[] bytes) {
    ImageHeader header = ImageHeader.read(Objects.requireNonNull(name, "name"), bytes);
    requireModest(name, header, bytes.length);
    return header;
  }

  private void requireModest(String name, ImageHeader header, int length) {
    if (header.pixels() > maxPixels) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: found %d x %d pixels, expected at most %d in all (make it smaller, or raise the limit if you trust its sender)"
              .formatted(name, header.width(), header.height(), maxPixels));
    }
    if (header.pixels() > UNSUSPICIOUS_PIXELS && header.pixels() / PIXELS_PER_BYTE > length) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: found %d x %d pixels in %d bytes, expected a photo (no camera packs that tight: check where it comes from)"
              .formatted(name, header.width(), header.height(), length));
    }
  }

  private static int reduction(ImageHeader header, int minLongSide) {
    int reduction = 1;
    if (header.format() == ImageFormat.JPEG) {
      int side = Math.max(header.width(), header.height());
      while (reduction < 8 && DecodedPhoto.reduced(side, 2 * reduction) >= minLongSide) {
        reduction *= 2;
      }
    }
    return reduction;
  }

  private static void decode(
      String name,
      byte[] bytes,
      ImageHeader header,
      PixelFormat format,
      int reduction,
      PhotoBuffers buffers) {
    int width = DecodedPhoto.reduced(header.width(), reduction);
    int height = DecodedPhoto.reduced(header.height(), reduction);
    BytePointer encoded = buffers.encoded.atLeast(bytes.length);
    encoded.put(bytes, 0, bytes.length);
    if (header.format() == ImageFormat.TIFF) {
      forgetOrientation(name, bytes, encoded);
    }
    boolean direct = format == PixelFormat.COLOR || header.format() == ImageFormat.JPEG;
    PixelFormat first = direct ? format : PixelFormat.COLOR;
    try (Mat file = new Mat(1, bytes.length, opencv_core.CV_8UC1, encoded);
        Mat target = buffers.target(first, width, height)) {
      if (header.alpha()) {
        try (Mat layers = opencv_imgcodecs.imdecode(file, opencv_imgcodecs.IMREAD_UNCHANGED)) {
          requireSize(name, header, layers, width, height);
          AlphaBlend.overWhite(layers, target);
        }
      } else {
        int flags = flags(first, reduction) | IGNORE_ORIENTATION;
        try (Mat result = opencv_imgcodecs.imdecode(file, flags, target)) {
          requireSize(name, header, result, width, height);
          if (result.data().address() != target.data().address()) {
            result.copyTo(target);
          }
        }
      }
      if (!direct) {
        buffers.makeGray(target);
      }
    } catch (UnreadablePhotoException e) {
      throw e;
    } catch (RuntimeException e) {
      throw damaged(name, header, e);
    }
  }

  private static int flags(PixelFormat format, int reduction) {
    boolean gray = format == PixelFormat.GRAY;
    return switch (reduction) {
      case 2 ->
          gray
              ? opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2
              : opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
      case 4 ->
          gray
              ? opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_4
              : opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
      case 8 ->
          gray
              ? opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_8
              : opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
      default -> gray ? opencv_imgcodecs.IMREAD_GRAYSCALE : opencv_imgcodecs.IMREAD_COLOR;
    };
  }

  /**
   * OpenCV turns TIFF whatever the flags say, and garbles a quarter turn: its copy of the file says
   * upright.
   */
  private static void forgetOrientation(String name, byte[] bytes, BytePointer encoded) {
    long value = Exif.orientationOffset(new HeaderBytes(name, bytes), 0, bytes.length);
    if (value >= 0) {
      boolean little = bytes[0] == 'I';
      encoded.put(value, (byte) (little ? 1 : 0));
      encoded.put(value + 1, (byte) (little ? 0 : 1));
    }
  }

  private static void requireSize(
      String name, ImageHeader header, @Nullable Mat found, int width, int height) {
    if (found == null || found.empty()) {
      throw damaged(name, header, null);
    }
    if (found.cols() != width || found.rows() != height) {
      throw new UnreadablePhotoException(
          "Cannot decode photo %s: found %d x %d pixels, expected the %d x %d of its header (the file is damaged or forged)"
              .formatted(name, found.cols(), found.rows(), width, height));
    }
  }

  private static UnreadablePhotoException damaged(
      String name, ImageHeader header, @Nullable RuntimeException cause) {
    String message =
        "Cannot decode photo %s: found a damaged %s of %d x %d pixels, %d bits and %d channels, expected a complete picture (copy or upload it again)"
            .formatted(
                name,
                header.format(),
                header.width(),
                header.height(),
                header.bits(),
                header.channels());
    return cause == null
        ? new UnreadablePhotoException(message)
        : new UnreadablePhotoException(message, cause);
  }

  private PhotoBuffers acquire() {
    synchronized (idle) {
      if (closed) {
        throw new IllegalStateException(
            "Cannot decode photo: found the decoder closed, expected it open");
      }
      PhotoBuffers warm = idle.pollFirst();
      return warm == null ? new PhotoBuffers() : warm;
    }
  }

  void release(PhotoBuffers buffers) {
    synchronized (idle) {
      if (!closed && idle.size() < maxIdle && buffers.bytes() <= IDLE_BYTES) {
        idle.addFirst(buffers);
        return;
      }
    }
    buffers.close();
  }

  /** Frees the idle buffers; closing twice is harmless. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(PhotoBuffers::close);
      idle.clear();
    }
  }
}
