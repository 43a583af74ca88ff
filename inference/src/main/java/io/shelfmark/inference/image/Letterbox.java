package io.shelfmark.inference.image;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Shrinks a picture into the top left of a model's input.
 *
 * <p>OpenCV's general area filter takes 31 ms for 12 MP on one core, its halving filter 4: so the
 * picture is halved as often as fits and only the rest, a factor below two, is interpolated. From a
 * factor of four on, the first pass looks at every other row, from six on at every third: memory is
 * what it waits for, and an input's pixel is then still the mean of four to eight of the photo's. A
 * gray picture comes as a level of its pyramid, and only the rest is left to do.
 */
final class Letterbox {

  private final PhotoBuffers buffers;
  private Mat current;
  private int turn;

  private Letterbox(PhotoBuffers buffers, Mat picture) {
    this.buffers = buffers;
    this.current = picture;
  }

  /**
   * Writes planes of floats 0..255: red, green and blue of a picture in color, as many of the same
   * of a gray one.
   *
   * @param picture BGR or gray, as stored; closed on return
   * @param planes three of a picture in color
   * @param width content width as upright
   * @param height content height as upright
   * @param planeWidth width of the model's input
   * @param planeHeight height of the model's input
   */
  static void write(
      PhotoBuffers buffers,
      Mat picture,
      Orientation orientation,
      FloatBuffer target,
      int planes,
      int width,
      int height,
      int planeWidth,
      int planeHeight) {
    Letterbox letterbox = new Letterbox(buffers, picture);
    boolean swap = orientation.transposes();
    letterbox.shrink(swap ? height : width, swap ? width : height);
    letterbox.upright(orientation);
    letterbox.split(target, planes, planeWidth, planeHeight);
    letterbox.current.close();
  }

  private void shrink(int width, int height) {
    while (current.cols() >= 2 * width && current.rows() >= 2 * height) {
      if (current.cols() >= 6 * width && current.rows() >= 6 * height) {
        halve(3);
      } else if (current.cols() >= 4 * width && current.rows() >= 4 * height) {
        halve(2);
        // exactly two to one: the mean of two neighbors
        resize(current.cols() / 2, current.rows(), opencv_imgproc.INTER_LINEAR);
      } else {
        halve(1);
      }
    }
    if (current.cols() != width || current.rows() != height) {
      resize(width, height, opencv_imgproc.INTER_LINEAR);
    }
  }

  /** Means of 2 x 2 pixels of every {@code stride}-th row. */
  private void halve(int stride) {
    int columns = stride == 2 ? 4 : 2;
    // the middle one of three rows
    long first = (stride - 1) / 2 * current.step();
    replace(
        new Mat(
            current.rows() / (2 * stride) * 2,
            current.cols() / columns * columns,
            current.type(),
            current.data().getPointer(first),
            stride * current.step()));
    resize(current.cols() / 2, current.rows() / 2, opencv_imgproc.INTER_AREA);
  }

  private void upright(Orientation orientation) {
    if (orientation.transposes()) {
      Mat turned = next(current.cols(), current.rows());
      opencv_core.transpose(current, turned);
      replace(turned);
    }
    if (orientation.flip() != 2) {
      Mat flipped = next(current.rows(), current.cols());
      opencv_core.flip(current, flipped, orientation.flip());
      replace(flipped);
    }
  }

  private void split(FloatBuffer target, int planes, int planeWidth, int planeHeight) {
    int width = current.cols();
    int height = current.rows();
    NativeBuffer free = buffers.scratch[turn];
    long step = 4L * planeWidth;
    try (FloatPointer base = new FloatPointer(target);
        Mat single =
            new Mat(height, width, opencv_core.CV_8UC1, free.atLeast((long) width * height));
        Scalar fill = Scalar.all(Warp.FILL)) {
      boolean gray = current.channels() == 1;
      for (int i = 0; i < planes; i++) {
        long plane = (long) i * planeWidth * planeHeight;
        try (Mat content =
            new Mat(height, width, opencv_core.CV_32FC1, base.getPointer(plane), step)) {
          if (!gray) {
            // BGR to RGB
            opencv_core.extractChannel(current, single, 2 - i);
          }
          (gray ? current : single).convertTo(content, opencv_core.CV_32F);
        }
        if (width < planeWidth) {
          fill(base, plane + width, planeWidth - width, height, step, fill);
        }
        if (height < planeHeight) {
          long below = plane + (long) height * planeWidth;
          fill(base, below, planeWidth, planeHeight - height, step, fill);
        }
      }
    }
  }

  private static void fill(
      FloatPointer base, long at, int width, int height, long step, Scalar color) {
    try (Mat rest = new Mat(height, width, opencv_core.CV_32FC1, base.getPointer(at), step)) {
      rest.put(color);
    }
  }

  private void resize(int width, int height, int filter) {
    Mat target = next(height, width);
    try (Size size = new Size(width, height)) {
      opencv_imgproc.resize(current, target, size, 0, 0, filter);
    }
    replace(target);
  }

  /** A picture in the scratch buffer that {@link #current} does not use. */
  private Mat next(int rows, int columns) {
    NativeBuffer memory = buffers.scratch[turn];
    turn ^= 1;
    long bytes = (long) current.channels() * rows * columns;
    return new Mat(rows, columns, current.type(), memory.atLeast(bytes));
  }

  private void replace(Mat next) {
    current.close();
    current = next;
  }
}
