package io.shelfmark.inference.image;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * The native memory of one photo being read, and the scratch arrays that go with it. Handed from
 * photo to photo by {@link PhotoDecoder}; one owner at a time.
 */
final class PhotoBuffers implements AutoCloseable {

  /** The file's bytes. */
  final NativeBuffer encoded = new NativeBuffer();

  /** The picture in color, BGR, rows without gaps. */
  private final NativeBuffer pixels = new NativeBuffer();

  /** All levels of the gray pyramid, one behind the other. */
  private final NativeBuffer gray = new NativeBuffer();

  private @Nullable GrayPyramid pyramid;

  /** Intermediate pictures on the way to a smaller one; a step reads one and writes the other. */
  final NativeBuffer[] scratch = {new NativeBuffer(), new NativeBuffer()};

  final Warp warp = new Warp();
  final OutlineRefiner refiner = new OutlineRefiner();
  final double[] matrix = new double[9];
  final double[] quad = new double[8];

  /** The last gray crop. */
  private byte[] crop = {};

  /** A header, which the caller closes, of where a picture is decoded to. */
  Mat target(PixelFormat format, int width, int height) {
    return format == PixelFormat.GRAY
        ? new Mat(pyramid(width, height).base())
        : new Mat(height, width, opencv_core.CV_8UC3, pixels.atLeast(3L * width * height));
  }

  /** Makes the gray picture of one in color, of which the pyramid is made then. */
  void makeGray(Mat color) {
    Mat base = pyramid(color.cols(), color.rows()).base();
    opencv_imgproc.cvtColor(color, base, opencv_imgproc.COLOR_BGR2GRAY);
  }

  /** The one pyramid that lies in {@link #gray}, for pictures of this size. */
  GrayPyramid pyramid(int width, int height) {
    GrayPyramid last = pyramid;
    if (last != null && last.fits(width, height)) {
      return last;
    }
    closePyramid();
    GrayPyramid next = GrayPyramid.of(width, height, gray);
    pyramid = next;
    return next;
  }

  private void closePyramid() {
    GrayPyramid last = pyramid;
    pyramid = null;
    if (last != null) {
      last.close();
    }
  }

  /** Memory for a gray crop of {@code size} pixels. */
  byte[] crop(int size) {
    if (crop.length < size) {
      crop = new byte[size];
    }
    return crop;
  }

  long bytes() {
    return encoded.capacity()
        + pixels.capacity()
        + gray.capacity()
        + scratch[0].capacity()
        + scratch[1].capacity();
  }

  @Override
  public void close() {
    encoded.close();
    pixels.close();
    closePyramid();
    gray.close();
    scratch[0].close();
    scratch[1].close();
  }
}
