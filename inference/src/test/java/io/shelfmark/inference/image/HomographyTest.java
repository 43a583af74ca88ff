package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class HomographyTest {

  @Property(tries = 200)
  void between_twoQuads_mapsCornersToCorners(
      @ForAll("quads") Outline from, @ForAll("quads") Outline to) {
    Outline mapped = Homography.between(from, to).map(from);

    for (int i = 0; i < 4; i++) {
      assertThat(mapped.corners().get(i).distance(to.corners().get(i))).isLessThan(1e-6);
    }
  }

  @Property(tries = 200)
  void inverse_ofAny_bringsPointsBack(
      @ForAll("quads") Outline quad,
      @ForAll @DoubleRange(max = 1) double u,
      @ForAll @DoubleRange(max = 1) double v) {
    Homography homography = Homography.ofSquare(quad);
    Point back = homography.inverse().map(homography.map(new Point(u, v)));

    assertThat(back.distance(new Point(u, v))).isLessThan(1e-6);
  }

  @Property(tries = 100)
  void map_pointsOnALine_stayOnALine(
      @ForAll("quads") Outline quad, @ForAll @DoubleRange(max = 1) double t) {
    Homography homography = Homography.ofSquare(quad);
    Point a = homography.map(new Point(0.1, 0.2));
    Point b = homography.map(new Point(0.9, 0.7));
    Point p = homography.map(new Point(0.1 + 0.8 * t, 0.2 + 0.5 * t));
    double cross = (b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x());

    assertThat(cross / a.distance(b)).isCloseTo(0, within(1e-6));
  }

  @Test
  void ofSquare_parallelogram_isAffine() {
    Outline shear = new Outline(new Point(1, 2), new Point(5, 3), new Point(7, 9), new Point(3, 8));

    assertThat(Homography.ofSquare(shear).coefficients())
        .containsExactly(new double[] {4, 2, 1, 1, 6, 2, 0, 0, 1}, within(1e-12));
  }

  @Test
  void ofSquare_cornersOnALine_throws() {
    Outline flat = new Outline(new Point(0, 0), new Point(1, 1), new Point(2, 2), new Point(3, 3));

    assertThatThrownBy(() -> Homography.ofSquare(flat))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found corners on one line, expected four that span an area");
    assertThatThrownBy(() -> Homography.ofSquare(Outline.of(new Box(3, 3, 3, 3))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Convex quads seen anywhere in a photo, in any rotation. */
  @Provide
  Arbitrary<Outline> quads() {
    Arbitrary<Double> jitter = Arbitraries.doubles().between(-0.3, 0.3);
    return Combinators.combine(
            Arbitraries.doubles().between(20, 4000),
            Arbitraries.doubles().between(10, 600),
            Arbitraries.doubles().between(0, 6.28),
            jitter.array(double[].class).ofSize(8))
        .as(
            (center, size, turn, j) -> {
              Point[] corners = new Point[4];
              double[][] unit = {{-1, -0.7}, {1, -0.7}, {1, 0.7}, {-1, 0.7}};
              for (int i = 0; i < 4; i++) {
                double x = (unit[i][0] + j[2 * i]) * size;
                double y = (unit[i][1] + j[2 * i + 1]) * size;
                corners[i] =
                    new Point(
                        center + x * Math.cos(turn) - y * Math.sin(turn),
                        center + x * Math.sin(turn) + y * Math.cos(turn));
              }
              return new Outline(corners[0], corners[1], corners[2], corners[3]);
            });
  }
}
