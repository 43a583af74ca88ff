package io.shelfmark.inference.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture in gray at full, half, quarter size and so on; each pixel is the mean of 2x2 of the
 * level below, an odd last row or column is left out. Reading a shrunk level keeps small crops free
 * of aliasing.
 */
final class GrayPyramid {

  private static final int MAX_LEVELS = 8;
  private static final int MIN_SIDE = 16;
  private static final double LN2 = Math.log(2);

  private final Warp.Plane[] levels;

  private GrayPyramid(Warp.Plane[] levels) {
    this.levels = levels;
  }

  static GrayPyramid of(Mat color, NativeBuffer memory) {
    int width = color.cols();
    int height = color.rows();
    int count = 1;
    long total = (long) width * height;
    for (int w = width, h = height; count < MAX_LEVELS && Math.min(w, h) >= MIN_SIDE; count++) {
      w /= 2;
      h /= 2;
      total += (long) w * h;
    }
    // the gathering loop reads two bytes at a time
    BytePointer base = memory.atLeast(total + 1);
    Warp.Plane[] levels = new Warp.Plane[count];
    levels[0] = new Warp.Plane(memory.view(), 0, width, height);
    try (Mat gray = header(levels[0], base, width, height)) {
      opencv_imgproc.cvtColor(color, gray, opencv_imgproc.COLOR_BGR2GRAY);
    }
    for (int i = 1; i < count; i++) {
      Warp.Plane below = levels[i - 1];
      int w = below.width() / 2;
      int h = below.height() / 2;
      levels[i] =
          new Warp.Plane(memory.view(), below.start() + below.width() * below.height(), w, h);
      try (Mat source = header(below, base, 2 * w, 2 * h);
          Mat target = header(levels[i], base, w, h);
          Size size = new Size(w, h)) {
        opencv_imgproc.resize(source, target, size, 0, 0, opencv_imgproc.INTER_AREA);
      }
    }
    return new GrayPyramid(levels);
  }

  private static Mat header(Warp.Plane plane, BytePointer base, int width, int height) {
    return new Mat(
        height, width, opencv_core.CV_8UC1, base.getPointer(plane.start()), plane.width());
  }

  Warp.Plane level(int index) {
    return levels[index];
  }

  /** The level whose pixels are nearest, in octaves, to {@code scale} pixels of level 0. */
  int levelFor(double scale) {
    if (!(scale > 1)) {
      return 0;
    }
    return (int) Math.min(Math.floor(Math.log(scale) / LN2 + 0.5), levels.length - 1);
  }
}
