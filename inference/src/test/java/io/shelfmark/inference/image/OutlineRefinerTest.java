package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OutlineRefinerTest {

  private static final int WIDTH = 700;
  private static final int HEIGHT = 520;

  private static Outline outline(double... q) {
    return new Outline(
        new Point(q[0], q[1]), new Point(q[2], q[3]), new Point(q[4], q[5]), new Point(q[6], q[7]));
  }

  private static Outline moved(Outline outline, Random random, double most) {
    double[] quad = new double[8];
    Quads.set(quad, outline);
    for (int i = 0; i < 8; i++) {
      quad[i] += most * (2 * random.nextDouble() - 1);
    }
    return outline(quad);
  }

  private static BufferedImage picture(Color around, Outline tag, Color paper) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(around);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    Path2D path = new Path2D.Double();
    path.moveTo(tag.topLeft().x(), tag.topLeft().y());
    List.of(tag.topRight(), tag.bottomRight(), tag.bottomLeft())
        .forEach(corner -> path.lineTo(corner.x(), corner.y()));
    path.closePath();
    g.setColor(paper);
    g.fill(path);
    g.dispose();
    return image;
  }

  private static Outline refined(BufferedImage image, Outline outline) {
    return refined(TestPictures.encode(image, "png"), outline);
  }

  private static Outline refined(byte[] file, Outline outline) {
    try (PhotoDecoder decoder = new PhotoDecoder(1_000_000, 0);
        DecodedPhoto photo = decoder.decode("tag", file)) {
      return photo.refined(outline);
    }
  }

  private static void assertNear(Outline found, Outline expected, double pixels) {
    for (int i = 0; i < 4; i++) {
      assertThat(found.corners().get(i).distance(expected.corners().get(i))).isLessThan(pixels);
    }
  }

  @Property(tries = 60)
  void refined_rectangleInPerspective_isFoundAgainWithinAPixel(
      @ForAll @IntRange(min = 0, max = 1_000_000) int seed) {
    Random random = new Random(seed);
    Outline tag = moved(outline(200, 150, 500, 150, 500, 350, 200, 350), random, 35);
    int paper = 40 + random.nextInt(216);
    int around = paper > 140 ? random.nextInt(paper - 60) : Math.min(255, paper + 60);
    BufferedImage image =
        picture(new Color(around, around, around), tag, new Color(paper, paper, paper));

    assertNear(refined(image, moved(tag, random, 12)), tag, 1);
  }

  @Test
  void refined_photoLyingOnItsSide_isMeasuredUpright() {
    Outline stored = outline(200, 150, 500, 170, 490, 350, 210, 340);
    BufferedImage image = picture(Color.DARK_GRAY, stored, Color.WHITE);
    byte[] exif = TestPictures.exif(6, ByteOrder.BIG_ENDIAN);
    byte[] turned = TestPictures.pngWithExif(TestPictures.encode(image, "png"), exif);
    // shown turned clockwise by 90 degrees
    Outline tag =
        outline(HEIGHT - 340, 210, HEIGHT - 150, 200, HEIGHT - 170, 500, HEIGHT - 350, 490);

    assertNear(refined(turned, moved(tag, new Random(3), 8)), tag, 1);
  }

  @Test
  void refined_photoWithoutEdges_isTheOutlineItself() {
    Outline outline = outline(200, 150, 500, 170, 490, 350, 210, 340);

    assertThat(refined(picture(Color.GRAY, outline, Color.GRAY), outline)).isSameAs(outline);
  }

  @Test
  void refined_noiseOfASensor_isNoEdge() {
    Outline outline = outline(200, 150, 500, 170, 490, 350, 210, 340);
    BufferedImage image = picture(Color.GRAY, outline, Color.GRAY);
    Random random = new Random(4);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int level = 122 + random.nextInt(13);
        image.setRGB(x, y, new Color(level, level, level).getRGB());
      }
    }

    assertThat(refined(image, outline)).isSameAs(outline);
  }

  @Test
  void refined_sideBeyondThePhoto_staysAndTheOthersMove() {
    Outline tag = outline(-150, 150, 300, 150, 300, 350, -150, 350);
    Outline found =
        refined(
            picture(Color.DARK_GRAY, tag, Color.WHITE),
            outline(-150, 160, 290, 158, 292, 340, -150, 345));

    assertThat(found.topRight().distance(tag.topRight())).isLessThan(1);
    assertThat(found.bottomRight().distance(tag.bottomRight())).isLessThan(1);
    assertThat(found.topLeft().x()).isEqualTo(-150, within(1.0));
  }

  @Test
  void refined_edgesFarAway_moveNoCornerByMoreThanAQuarter() {
    Outline detected = outline(250, 200, 450, 200, 450, 300, 250, 300);
    for (int margin = 0; margin <= 80; margin += 5) {
      Outline tag =
          outline(
              250 - margin,
              200 - margin,
              450 + margin,
              200 - margin,
              450 + margin,
              300 + margin,
              250 - margin,
              300 + margin);
      Outline found = refined(picture(Color.DARK_GRAY, tag, Color.WHITE), detected);

      assertNear(found, detected, OutlineRefiner.MOST * Math.sqrt(200 * 100) + 1e-6);
    }
  }

  @Test
  void refined_outlineWithoutAnArea_isLeftAlone() {
    BufferedImage image = TestPictures.quarters(WIDTH, HEIGHT);
    Outline point = outline(300, 200, 300, 200, 300, 200, 300, 200);
    Outline line = outline(300, 200, 400, 200, 400, 200, 300, 200);
    Outline huge = outline(-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9);

    assertThat(refined(image, point)).isSameAs(point);
    assertThat(refined(image, line)).isSameAs(line);
    assertThat(refined(image, huge)).isSameAs(huge);
  }
}
