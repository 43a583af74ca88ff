package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.UnreadablePhotoException;
import io.shelfmark.inference.image.ImageHeader;
import io.shelfmark.inference.image.PhotoDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A photo in its natural proportions: a file that was stretched is decoded, resized and encoded
 * again without loss (BMP); any other file is handed on byte for byte. Native memory lives within
 * one call.
 */
final class NaturalPhoto {

  private NaturalPhoto() {}

  /** The encoded bytes to recognize. */
  static byte[] bytes(LabeledPhoto photo) {
    byte[] file = file(photo);
    if (photo.naturalSize().isEmpty()) {
      return file;
    }
    try (Mat decoded = decode(photo, file)) {
      LabeledPhoto.Size natural = photo.naturalSize().get();
      if (decoded.cols() == natural.width() && decoded.rows() == natural.height()) {
        return file;
      }
      try (Mat resized = resize(decoded, natural);
          BytePointer bmp = new BytePointer()) {
        opencv_imgcodecs.imencode(".bmp", resized, bmp);
        byte[] bytes = new byte[(int) bmp.limit()];
        bmp.get(bytes);
        return bytes;
      }
    }
  }

  /** The pixels, for pictures of failures. */
  static BufferedImage pixels(LabeledPhoto photo) {
    try (Mat decoded = decode(photo, file(photo))) {
      LabeledPhoto.Size size =
          photo
              .naturalSize()
              .orElseGet(() -> new LabeledPhoto.Size(decoded.cols(), decoded.rows()));
      try (Mat resized = resize(decoded, size)) {
        BufferedImage image =
            new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_3BYTE_BGR);
        resized.data().get(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
        return image;
      }
    }
  }

  private static byte[] file(LabeledPhoto photo) {
    try {
      return Files.readAllBytes(photo.path());
    } catch (NoSuchFileException e) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: found no such file, expected it beside the labels"
              .formatted(photo.path()),
          e);
    } catch (IOException e) {
      throw new UnreadablePhotoException(
          "Cannot read photo %s: %s, expected a readable file".formatted(photo.path(), e), e);
    }
  }

  /**
   * Upright: the EXIF orientation is applied. Refused by the header what the recognizer refuses.
   */
  private static Mat decode(LabeledPhoto photo, byte[] file) {
    ImageHeader header = PhotoDecoder.standard().header(photo.path().toString(), file);
    try (BytePointer pointer = new BytePointer(file);
        Mat encoded = new Mat(1, file.length, opencv_core.CV_8UC1, pointer)) {
      Mat decoded = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR);
      if (decoded.empty()) {
        decoded.close();
        throw new UnreadablePhotoException(
            "Cannot read photo %s: found a damaged %s, expected a complete picture"
                .formatted(photo.path(), header.format()));
      }
      return decoded;
    }
  }

  /** Linear when a side grows (the models are trained on that), else by area. */
  private static Mat resize(Mat image, LabeledPhoto.Size size) {
    boolean grows = image.cols() < size.width() || image.rows() < size.height();
    Mat resized = new Mat();
    try (Size target = new Size(size.width(), size.height())) {
      opencv_imgproc.resize(
          image,
          resized,
          target,
          0,
          0,
          grows ? opencv_imgproc.INTER_LINEAR : opencv_imgproc.INTER_AREA);
    }
    return resized;
  }
}
