package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Point2D;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class HomographyTest {

  @Property(tries = 200)
  void map_ofTheRectanglesCorners_givesTheQuad(
      @ForAll @DoubleRange(min = -30, max = 30) double a,
      @ForAll @DoubleRange(min = -30, max = 30) double b) {
    Point2D[] quad = {
      new Point2D.Double(10 + a, 20),
      new Point2D.Double(210, 25 + b),
      new Point2D.Double(200 - b, 140),
      new Point2D.Double(5, 130 + a)
    };
    Homography homography = Homography.of(2.5, 1, quad);
    Point2D[] mapped = homography.map(0, 0, 2.5, 1);

    for (int i = 0; i < 4; i++) {
      assertThat(mapped[i].distance(quad[i])).isCloseTo(0, within(1e-9));
    }
    Point2D back = homography.inverse().map(mapped[2].getX(), mapped[2].getY());
    assertThat(back.distance(2.5, 1)).isCloseTo(0, within(1e-9));
  }
}
