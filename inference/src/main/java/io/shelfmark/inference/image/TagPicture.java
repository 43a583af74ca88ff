package io.shelfmark.inference.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Pictures of tags for people to look at, of the colors that the photo was decoded with. */
final class TagPicture {

  private TagPicture() {}

  /**
   * Samples {@code photo} through {@code matrix}, from the picture's pixels to the photo's.
   *
   * @param memory scratch
   */
  static BufferedImage cut(Mat photo, double[] matrix, int width, int height, NativeBuffer memory) {
    BufferedImage image = image(photo, width, height);
    byte[] pixels = pixels(image);
    try (Mat target = new Mat(height, width, photo.type(), memory.atLeast(pixels.length));
        Mat coefficients = new Mat(3, 3, opencv_core.CV_64FC1);
        DoublePointer numbers = new DoublePointer(coefficients.data());
        Size area = new Size(width, height);
        Scalar fill = Scalar.all(Warp.FILL)) {
      numbers.put(matrix, 0, 9);
      opencv_imgproc.warpPerspective(
          photo,
          target,
          coefficients,
          area,
          opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP,
          opencv_core.BORDER_CONSTANT,
          fill);
    }
    memory.view().get(0, pixels);
    return image;
  }

  /** Of what lies nowhere in {@code photo}. */
  static BufferedImage blank(Mat photo, int width, int height) {
    BufferedImage image = image(photo, width, height);
    Arrays.fill(pixels(image), (byte) Warp.FILL);
    return image;
  }

  private static BufferedImage image(Mat photo, int width, int height) {
    boolean gray = photo.channels() == 1;
    return new BufferedImage(
        width, height, gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
  }

  private static byte[] pixels(BufferedImage image) {
    return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
  }
}
