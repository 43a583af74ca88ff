package io.shelfmark.inference.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture in gray at full, half, quarter size and so on; each pixel is the mean of 2x2 of the
 * level below, an odd last row or column is left out. Reading a shrunk level keeps small crops free
 * of aliasing. Filled anew from picture to picture of one size, since each of OpenCV's headers is
 * several objects on the heap. Whoever makes one closes it, before the memory grows or is freed.
 */
final class GrayPyramid implements AutoCloseable {

  private static final int MAX_LEVELS = 8;
  private static final int MIN_SIDE = 16;
  private static final double LN2 = Math.log(2);

  private final Warp.Plane[] levels;

  /** OpenCV's headers of the levels. */
  private final Mat[] pictures;

  /** The same of what of each level the next one is made of, without an odd row or column. */
  private final Mat[] sources;

  private final Size[] sizes;

  private GrayPyramid(Warp.Plane[] levels, BytePointer base) {
    this.levels = levels;
    this.pictures = new Mat[levels.length];
    this.sources = new Mat[levels.length - 1];
    this.sizes = new Size[levels.length - 1];
    for (int i = 0; i < levels.length; i++) {
      int w = levels[i].width();
      int h = levels[i].height();
      pictures[i] = header(levels[i], base, w, h);
      if (i < sources.length) {
        sources[i] = header(levels[i], base, w / 2 * 2, h / 2 * 2);
        sizes[i] = new Size(w / 2, h / 2);
      }
    }
  }

  /** One for pictures of {@code width} x {@code height}, its content yet undefined. */
  static GrayPyramid of(int width, int height, NativeBuffer memory) {
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
    for (int i = 1; i < count; i++) {
      Warp.Plane below = levels[i - 1];
      int start = below.start() + below.width() * below.height();
      levels[i] = new Warp.Plane(memory.view(), start, below.width() / 2, below.height() / 2);
    }
    return new GrayPyramid(levels, base);
  }

  private static Mat header(Warp.Plane plane, BytePointer base, int width, int height) {
    return new Mat(
        height, width, opencv_core.CV_8UC1, base.getPointer(plane.start()), plane.width());
  }

  /** Whether it is for pictures of this size. */
  boolean fits(int width, int height) {
    return levels[0].width() == width && levels[0].height() == height;
  }

  /** The picture itself, to be written; after that the {@link #shrink} is due. */
  Mat base() {
    return pictures[0];
  }

  /** Makes the smaller levels of the picture itself. */
  void shrink() {
    for (int i = 0; i < sources.length; i++) {
      opencv_imgproc.resize(sources[i], pictures[i + 1], sizes[i], 0, 0, opencv_imgproc.INTER_AREA);
    }
  }

  Warp.Plane level(int index) {
    return levels[index];
  }

  /** A header, which the caller closes, of the smallest level with at least these sides. */
  Mat noSmallerThan(int width, int height) {
    int index = 0;
    while (index + 1 < levels.length
        && levels[index + 1].width() >= width
        && levels[index + 1].height() >= height) {
      index++;
    }
    return new Mat(pictures[index]);
  }

  /** The level whose pixels are nearest, in octaves, to {@code scale} pixels of level 0. */
  int levelFor(double scale) {
    if (!(scale > 1)) {
      return 0;
    }
    return (int) Math.min(Math.floor(Math.log(scale) / LN2 + 0.5), levels.length - 1);
  }

  /** Frees the headers, not the memory. */
  @Override
  public void close() {
    for (Mat picture : pictures) {
      picture.close();
    }
    for (int i = 0; i < sources.length; i++) {
      sources[i].close();
      sizes[i].close();
    }
  }
}
