package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class OutlineTest {

  @Property(tries = 200)
  void contains_pointOfUprightBox_agreesWithItsEdges(
      @ForAll @DoubleRange(min = -50, max = 150) double x,
      @ForAll @DoubleRange(min = -50, max = 150) double y) {
    Assume.that(x != 0 && x != 100 && y != 0 && y != 60);
    Outline outline = Outline.of(new Box(0, 0, 100, 60));
    assertThat(outline.contains(new Point(x, y))).isEqualTo(x > 0 && x < 100 && y > 0 && y < 60);
  }

  @Test
  void box_ofTurnedOutline_isTheSmallestAround() {
    Outline turned =
        new Outline(new Point(100, 10), new Point(100, 90), new Point(20, 90), new Point(20, 10));
    assertThat(turned.box()).isEqualTo(new Box(20, 10, 100, 90));
    assertThat(turned.area()).isEqualTo(80 * 80);
    assertThat(turned.contains(new Point(60, 50))).isTrue();
  }

  @Test
  void point_notFinite_isRefused() {
    assertThatThrownBy(() -> new Point(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected finite coordinates");
  }
}
