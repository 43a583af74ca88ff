package io.shelfmark.inference.image;

import java.nio.ByteBuffer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Puts a picture with transparency on white paper, as a viewer shows it. */
final class AlphaBlend {

  private static final double SIXTEEN_TO_EIGHT = 1.0 / 257;

  private AlphaBlend() {}

  /**
   * Fills {@code target}, BGR, from a decoded picture of any depth with 1, 3 or 4 channels.
   *
   * @throws IllegalArgumentException when it has another number of channels
   */
  static void overWhite(Mat layers, Mat target) {
    try (Mat bytes = new Mat()) {
      double scale = layers.depth() == opencv_core.CV_16U ? SIXTEEN_TO_EIGHT : 1;
      layers.convertTo(bytes, opencv_core.CV_8U, scale, 0);
      switch (bytes.channels()) {
        case 1 -> opencv_imgproc.cvtColor(bytes, target, opencv_imgproc.COLOR_GRAY2BGR);
        case 3 -> bytes.copyTo(target);
        case 4 -> blend(bytes, target);
        default ->
            throw new IllegalArgumentException(
                "Cannot blend picture: found %d channels, expected 1, 3 or 4"
                    .formatted(bytes.channels()));
      }
    }
  }

  private static void blend(Mat layers, Mat target) {
    ByteBuffer from = layers.createBuffer();
    ByteBuffer to = target.createBuffer();
    int pixels = target.rows() * target.cols();
    for (int i = 0; i < pixels; i++) {
      int alpha = from.get(4 * i + 3) & 0xff;
      int white = 255 * (255 - alpha);
      for (int channel = 0; channel < 3; channel++) {
        int mixed = (from.get(4 * i + channel) & 0xff) * alpha + white;
        to.put(3 * i + channel, (byte) ((mixed + 127) / 255));
      }
    }
  }
}
