package io.shelfmark.examples;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Pictures for people: smaller, cut out, as JPEG. */
final class Pictures {

  private static final int CROP_HEIGHT = 96;
  private static final int CROP_WIDTH = 220;

  private Pictures() {}

  /**
   * The picture with no side longer than {@code side}, halved step by step so that print stays
   * legible.
   */
  static BufferedImage fit(BufferedImage image, int side) {
    BufferedImage current = image;
    double scale = Math.min(1, (double) side / Math.max(image.getWidth(), image.getHeight()));
    while (scale < 0.5) {
      current = resize(current, current.getWidth() / 2, current.getHeight() / 2);
      scale *= 2;
    }
    return scale == 1 && current == image
        ? image
        : resize(
            current,
            (int) Math.round(current.getWidth() * scale),
            (int) Math.round(current.getHeight() * scale));
  }

  private static BufferedImage resize(BufferedImage image, int width, int height) {
    BufferedImage small =
        new BufferedImage(Math.max(1, width), Math.max(1, height), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = graphics(small);
    graphics.drawImage(image, 0, 0, small.getWidth(), small.getHeight(), null);
    graphics.dispose();
    return small;
  }

  /** The tag turned upright; a grazing view stays squashed. */
  static BufferedImage crop(BufferedImage photo, Outline outline) {
    Point origin = outline.topLeft();
    double width = Math.max(1, origin.distance(outline.topRight()));
    double height = Math.max(1, origin.distance(outline.bottomLeft()));
    double scale = Math.min(CROP_HEIGHT / height, CROP_WIDTH / width);
    int pixelsWide = (int) Math.max(1, Math.round(width * scale));
    int pixelsHigh = (int) Math.max(1, Math.round(height * scale));
    AffineTransform toPhoto =
        new AffineTransform(
            (outline.topRight().x() - origin.x()) / pixelsWide,
            (outline.topRight().y() - origin.y()) / pixelsWide,
            (outline.bottomLeft().x() - origin.x()) / pixelsHigh,
            (outline.bottomLeft().y() - origin.y()) / pixelsHigh,
            origin.x(),
            origin.y());
    BufferedImage crop = new BufferedImage(pixelsWide, pixelsHigh, BufferedImage.TYPE_INT_RGB);
    if (toPhoto.getDeterminant() != 0) {
      Graphics2D graphics = graphics(crop);
      try {
        graphics.drawImage(photo, toPhoto.createInverse(), null);
      } catch (java.awt.geom.NoninvertibleTransformException e) {
        throw new IllegalStateException("a transform with a determinant has an inverse", e);
      }
      graphics.dispose();
    }
    return crop;
  }

  private static Graphics2D graphics(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    return graphics;
  }

  static void writeJpeg(BufferedImage image, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      encode(image, 0.92f, out);
    }
  }

  /** Writes the picture as a data URL, without holding it twice. */
  static String dataUrl(BufferedImage image, float quality) throws IOException {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    encode(image, quality, bytes);
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static void encode(BufferedImage image, float quality, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream target = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(target);
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
  }
}
