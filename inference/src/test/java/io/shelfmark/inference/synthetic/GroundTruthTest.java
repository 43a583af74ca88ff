package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.Box;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class GroundTruthTest {
  private static final Press PRESS = Press.load();
  private static final Rectangle2D BLOCK = new Rectangle2D.Double(0.4, 0.3, 0.9, 0.4);
  private static final TagLayout PLAIN =
      new TagLayout(
          "plain",
          2,
          2.000001,
          p -> {
            p.paper(Color.WHITE, "white");
            p.fill(Color.BLUE, BLOCK);
            p.facts.price = new Amount("219", "99");
            p.note(FieldKind.PRICE, "219.99", BLOCK);
          });

  private static HungTag hang(Point2D... quad) {
    return HungTag.of(PRESS.print(PLAIN, new Dice(1), 150), 1, quad);
  }

  private static Point2D at(double x, double y) {
    return new Point2D.Double(x, y);
  }

  @Property(tries = 25)
  void outline_ofAnyView_fitsTheInkWithinAPixel(
      @ForAll @DoubleRange(min = -25, max = 25) double a,
      @ForAll @DoubleRange(min = -25, max = 25) double b,
      @ForAll @DoubleRange(min = -40, max = 40) double c) {
    PhotoCanvas canvas = new PhotoCanvas(400, 300);
    HungTag hung =
        hang(
            at(60 + a, 60 + b), at(340 - b, 70 + c), at(330 + c / 2, 210 - a), at(70 - b, 200 + b));
    hung.paint(canvas);

    Box box =
        new GroundTruth(canvas, 0)
            .of(hung)
            .orElseThrow()
            .field("price")
            .orElseThrow()
            .outline()
            .box();

    int left = 400;
    int top = 300;
    int right = 0;
    int bottom = 0;
    for (int y = 0; y < 300; y++) {
      for (int x = 0; x < 400; x++) {
        int pixel = canvas.rgb[y * 400 + x];
        if ((pixel & 255) > 150 && (pixel >> 16 & 255) < 128) {
          left = Math.min(left, x);
          top = Math.min(top, y);
          right = Math.max(right, x + 1);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    assertThat(box.left()).isCloseTo(left, within(1.2));
    assertThat(box.top()).isCloseTo(top, within(1.2));
    assertThat(box.right()).isCloseTo(right, within(1.2));
    assertThat(box.bottom()).isCloseTo(bottom, within(1.2));
  }

  @Test
  void price_behindAnOpaqueThing_isHardAndHasNoText() {
    PhotoCanvas canvas = new PhotoCanvas(400, 300);
    HungTag hung = hang(at(50, 50), at(350, 50), at(350, 200), at(50, 200));
    hung.paint(canvas);
    canvas.occlude(new Rectangle2D.Double(150, 0, 40, 300), Color.GRAY);

    TagTruth truth = new GroundTruth(canvas, 0).of(hung).orElseThrow();

    assertThat(truth.readable()).isFalse();
    assertThat(truth.truncated()).isTrue();
    assertThat(truth.field("price").orElseThrow().text()).isEmpty();
  }

  @Test
  void tag_outsideTheFrame_isNotTold() {
    PhotoCanvas canvas = new PhotoCanvas(400, 300);
    HungTag hung = hang(at(420, 50), at(720, 50), at(720, 200), at(420, 200));
    hung.paint(canvas);

    assertThat(new GroundTruth(canvas, 0).of(hung)).isEqualTo(Optional.empty());
  }

  @Test
  void price_inStrongBlur_isHard() {
    PhotoCanvas canvas = new PhotoCanvas(400, 300);
    HungTag hung = hang(at(50, 50), at(110, 50), at(110, 80), at(50, 80));
    hung.paint(canvas);

    assertThat(new GroundTruth(canvas, 0.3).of(hung).orElseThrow().legibility())
        .isNotEqualTo("hard");
    assertThat(new GroundTruth(canvas, 3).of(hung).orElseThrow().legibility()).isEqualTo("hard");
  }
}
