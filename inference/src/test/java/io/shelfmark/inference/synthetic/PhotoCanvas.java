package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * The photo being composed, and for each of its pixels the number of the tag that is seen there (0:
 * none).
 */
final class PhotoCanvas {
  final int width;
  final int height;
  final int[] rgb;
  private final int[] owners;
  private final Graphics2D graphics;
  private final Graphics2D ownerGraphics;

  PhotoCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    BufferedImage owner = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    this.graphics = image.createGraphics();
    this.ownerGraphics = owner.createGraphics();
    this.rgb = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    this.owners = ((DataBufferInt) owner.getRaster().getDataBuffer()).getData();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    ownerGraphics.setColor(Color.BLACK);
  }

  Graphics2D graphics() {
    return graphics;
  }

  int owner(int x, int y) {
    return x < 0 || y < 0 || x >= width || y >= height ? -1 : owners[y * width + x];
  }

  /** Paints something opaque that hides tags. */
  void occlude(Shape shape, Paint paint) {
    graphics.setPaint(paint);
    graphics.fill(shape);
    ownerGraphics.fill(shape);
  }

  /**
   * Draws a premultiplied image through a homography that maps its pixels into the photo, with as
   * many samples a pixel as the reduction asks for.
   */
  void draw(BufferedImage image, Homography toPhoto, int owner) {
    int[] source = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int sw = image.getWidth();
    int sh = image.getHeight();
    Point2D[] corners = toPhoto.map(0, 0, sw, sh);
    int x0 = width;
    int x1 = 0;
    int y0 = height;
    int y1 = 0;
    for (Point2D corner : corners) {
      x0 = Math.min(x0, (int) Math.floor(corner.getX()) - 1);
      x1 = Math.max(x1, (int) Math.ceil(corner.getX()) + 1);
      y0 = Math.min(y0, (int) Math.floor(corner.getY()) - 1);
      y1 = Math.max(y1, (int) Math.ceil(corner.getY()) + 1);
    }
    x0 = Math.max(0, x0);
    y0 = Math.max(0, y0);
    x1 = Math.min(width, x1);
    y1 = Math.min(height, y1);
    double[] m = toPhoto.inverse().m();
    int across = samples(distance(corners[0], corners[1]), sw, distance(corners[3], corners[2]));
    int down = samples(distance(corners[0], corners[3]), sh, distance(corners[1], corners[2]));
    // The image may be turned by up to 90 degrees: sample evenly both ways then.
    boolean level =
        Math.abs(corners[1].getY() - corners[0].getY())
            < 0.4 * Math.abs(corners[1].getX() - corners[0].getX());
    int nx = level ? across : Math.max(across, down);
    int ny = level ? down : Math.max(across, down);
    Sampler sampler = new Sampler(source, sw, sh);
    for (int y = y0; y < y1; y++) {
      for (int x = x0; x < x1; x++) {
        sampler.clear();
        for (int j = 0; j < ny; j++) {
          double py = y + (j + 0.5) / ny;
          for (int i = 0; i < nx; i++) {
            double px = x + (i + 0.5) / nx;
            double d = 1 / (m[6] * px + m[7] * py + m[8]);
            sampler.add(
                (m[0] * px + m[1] * py + m[2]) * d - 0.5, (m[3] * px + m[4] * py + m[5]) * d - 0.5);
          }
        }
        int at = y * width + x;
        int alpha = sampler.blend(rgb, at, nx * ny);
        if (alpha > 127) {
          owners[at] = owner;
        }
      }
    }
  }

  private static int samples(double a, double source, double b) {
    double reduction = source / Math.max(1, Math.min(a, b));
    return Math.max(1, Math.min(5, (int) Math.round(reduction)));
  }

  private static double distance(Point2D a, Point2D b) {
    return a.distance(b);
  }
}
