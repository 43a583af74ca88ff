package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
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

  private final double[] points = new double[8];

  @Property(tries = 200)
  void takeSquareTo_anyQuad_takesCornersToCorners(@ForAll("quads") Outline quad) {
    Homography homography = squareTo(quad);
    homography.map(0, 0, points, 0);
    homography.map(1, 0, points, 2);
    homography.map(1, 1, points, 4);
    homography.map(0, 1, points, 6);

    for (int i = 0; i < 4; i++) {
      assertThat(point(2 * i).distance(quad.corners().get(i))).isLessThan(1e-6);
    }
  }

  @Property(tries = 200)
  void invert_ofAny_bringsPointsBack(
      @ForAll("quads") Outline quad,
      @ForAll @DoubleRange(max = 1) double u,
      @ForAll @DoubleRange(max = 1) double v) {
    Homography homography = squareTo(quad);
    Homography back = new Homography();
    back.invert(homography);
    homography.map(u, v, points, 0);
    back.map(points[0], points[1], points, 2);

    assertThat(point(2).distance(new Point(u, v))).isLessThan(1e-6);
  }

  @Property(tries = 100)
  void map_pointsOnALine_stayOnALine(
      @ForAll("quads") Outline quad, @ForAll @DoubleRange(max = 1) double t) {
    Homography homography = squareTo(quad);
    homography.map(0.1, 0.2, points, 0);
    homography.map(0.9, 0.7, points, 2);
    homography.map(0.1 + 0.8 * t, 0.2 + 0.5 * t, points, 4);
    Point a = point(0);
    Point b = point(2);
    Point p = point(4);
    double cross = (b.x() - a.x()) * (p.y() - a.y()) - (b.y() - a.y()) * (p.x() - a.x());

    assertThat(cross / a.distance(b)).isCloseTo(0, within(1e-6));
  }

  @Test
  void takeSquareTo_parallelogram_isAffine() {
    Homography homography =
        squareTo(new Outline(new Point(1, 2), new Point(5, 3), new Point(7, 9), new Point(3, 8)));
    homography.map(0.5, 0.5, points, 0);
    homography.map(3, -1, points, 2);

    assertThat(point(0).distance(new Point(4, 5.5))).isLessThan(1e-12);
    assertThat(point(2).distance(new Point(11, -1))).isLessThan(1e-12);
  }

  @Test
  void takeSquareTo_afterAnother_forgetsIt() {
    Homography homography = squareTo(Outline.of(new Box(3, 3, 9, 8)));

    assertThat(homography.takeSquareTo(Outline.of(new Box(0, 0, 2, 4)))).isTrue();
    homography.map(0.5, 0.5, points, 0);

    assertThat(point(0)).isEqualTo(new Point(1, 2));
  }

  @Test
  void takeSquareTo_cornersOnALine_isFalse() {
    Outline flat = new Outline(new Point(0, 0), new Point(1, 1), new Point(2, 2), new Point(3, 3));

    assertThat(new Homography().takeSquareTo(flat)).isFalse();
    assertThat(new Homography().takeSquareTo(Outline.of(new Box(3, 3, 3, 3)))).isFalse();
  }

  private static Homography squareTo(Outline outline) {
    Homography homography = new Homography();
    assertThat(homography.takeSquareTo(outline)).isTrue();
    return homography;
  }

  private Point point(int at) {
    return new Point(points[at], points[at + 1]);
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
