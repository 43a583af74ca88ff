package io.shelfmark.examples;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.file.Path;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A photo's pixels, upright and at full size, to draw in. Only for photos that have been read:
 * those are known to fit.
 */
final class FullPhoto {

  private FullPhoto() {}

  static BufferedImage pixels(Path file, ShelfPhoto photo, ShelfReading reading) {
    try (Mat decoded = opencv_imgcodecs.imread(file.toString(), opencv_imgcodecs.IMREAD_COLOR)) {
      if (decoded.cols() == reading.width()
          && decoded.rows() == reading.height()
          && decoded.isContinuous()) {
        BufferedImage image =
            new BufferedImage(decoded.cols(), decoded.rows(), BufferedImage.TYPE_3BYTE_BGR);
        decoded.data().get(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        return image;
      }
    }
    return enlarged(photo, reading);
  }

  /** For what OpenCV does not open by itself: the library's own picture, which may be smaller. */
  private static BufferedImage enlarged(ShelfPhoto photo, ShelfReading reading) {
    Outline whole = Outline.of(new Box(0, 0, reading.width(), reading.height()));
    BufferedImage crop = photo.crop(PriceTag.builder(new Detection(whole, 1)).build());
    BufferedImage image =
        new BufferedImage(reading.width(), reading.height(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.drawImage(crop, 0, 0, reading.width(), reading.height(), null);
    graphics.dispose();
    return image;
  }
}
