package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models were trained on crops made in Python: these must be the same crops. Pictures by
 * geometry_golden.py.
 */
class GeometryGoldenTest {

  private static final String OUTLINES =
      """
      upright, 100, 80, 420, 80, 420, 260, 100, 260
      turned, 400, 60, 430, 380, 250, 400, 215, 75
      grazing, 300, 100, 380, 60, 390, 460, 305, 380
      large, -40, -30, 690, 10, 740, 540, 15, 500
      small, 600, 400, 650, 404, 648, 433, 599, 429
      """;

  @ParameterizedTest
  @CsvSource(textBlock = OUTLINES)
  void rectify_outline_matchesPython(
      String name, int x0, int y0, int x1, int y1, int x2, int y2, int x3, int y3) {
    Outline outline = outline(x0, y0, x1, y1, x2, y2, x3, y3);
    try (PhotoDecoder decoder = new PhotoDecoder(1_000_000, 0);
        DecodedPhoto photo = decoder.decode("golden", TestPictures.encode(photo(), "png"))) {
      FloatBuffer canvas = FloatBuffer.allocate(320 * 192 + 5);
      photo.rectify(outline, canvas, 5);

      assertSame(canvas, 5, 320, picture("canvas-" + name));
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = OUTLINES)
  void warpLine_box_matchesPython(
      String name, int x0, int y0, int x1, int y1, int x2, int y2, int x3, int y3) {
    TagCanvas tag = new TagCanvas(outline(x0, y0, x1, y1, x2, y2, x3, y3));
    double[] quad = new double[8];
    tag.line(50, 40, 210, 66, quad);
    BufferedImage expected = picture("line-" + name);
    try (PhotoDecoder decoder = new PhotoDecoder(1_000_000, 0);
        DecodedPhoto photo = decoder.decode("golden", TestPictures.encode(photo(), "png"))) {
      int width = TagCanvas.lineWidth(quad);
      FloatBuffer line = FloatBuffer.allocate(32 * 640);
      photo.warpLine(quad, line, 0, width, 640);

      assertThat(width).isEqualTo(expected.getWidth());
      assertSame(line, 0, 640, expected);
      assertThat(line.get(640 + width)).isEqualTo(114);
    }
  }

  /** Equal but for the rounding of positions, which shows at the sharp edges of the pattern. */
  private static void assertSame(FloatBuffer found, int start, int stride, BufferedImage expected) {
    double sum = 0;
    double worst = 0;
    for (int y = 0; y < expected.getHeight(); y++) {
      for (int x = 0; x < expected.getWidth(); x++) {
        double off =
            Math.abs(found.get(start + y * stride + x) - expected.getRaster().getSample(x, y, 0));
        sum += off;
        worst = Math.max(worst, off);
      }
    }
    assertThat(sum / expected.getWidth() / expected.getHeight())
        .as("mean difference")
        .isLessThan(0.6);
    assertThat(worst).as("largest difference").isLessThan(14);
  }

  private static BufferedImage photo() {
    BufferedImage image = new BufferedImage(701, 523, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 523; y++) {
      for (int x = 0; x < 701; x++) {
        int blocks = (x / 13 * 37 + y / 17 * 59) % 128;
        image.getRaster().setSample(x, y, 0, blocks + x * 64 / 701 + y * 63 / 523);
      }
    }
    return image;
  }

  private static Outline outline(int x0, int y0, int x1, int y1, int x2, int y2, int x3, int y3) {
    return new Outline(new Point(x0, y0), new Point(x1, y1), new Point(x2, y2), new Point(x3, y3));
  }

  private static BufferedImage picture(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            GeometryGoldenTest.class.getResourceAsStream("golden-" + name + ".png"))) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
