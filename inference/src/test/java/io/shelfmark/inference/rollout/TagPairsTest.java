package io.shelfmark.inference.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.Disagreement.Field;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TagPairsTest {

  private static ShelfReading reading(PriceTag... tags) {
    return new ShelfReading("photo", 1000, 1000, List.of(tags));
  }

  @Test
  void disagreements_sameTagsMovedALittleInAnotherOrder_areNone() {
    assertThat(
            TagPairs.disagreements(
                reading(FakeModels.tag(0, 100), FakeModels.tag(200, 300)),
                reading(FakeModels.tag(205, 300), FakeModels.tag(-5, 100))))
        .isEmpty();
  }

  @Test
  void disagreements_neighborsThatOverlap_pairTheNearestOnes() {
    assertThat(
            TagPairs.disagreements(
                reading(FakeModels.tag(0, 100), FakeModels.tag(30, 300)),
                reading(FakeModels.tag(28, 300), FakeModels.tag(2, 100))))
        .isEmpty();
  }

  @Test
  void disagreements_tagOfOneAlone_isSaidWithItsPrice() {
    assertThat(
            TagPairs.disagreements(
                reading(FakeModels.tag(0, 100)), reading(FakeModels.tag(300, 50))))
        .extracting(Disagreement::field, Disagreement::current, Disagreement::candidate)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Field.TAG, Optional.of("1.00 RUB"), Optional.empty()),
            org.assertj.core.groups.Tuple.tuple(
                Field.TAG, Optional.empty(), Optional.of("0.50 RUB")));
  }

  @Test
  void disagreements_valuesDiffer_areOneForEachField() {
    PriceTag.Builder one = PriceTag.builder(FakeModels.tag(0, 1).detection());
    PriceTag.Builder other = PriceTag.builder(FakeModels.tag(0, 1).detection());
    one.name(new Recognized<>("Молоко", 0.9)).unit(new Recognized<>(SaleUnit.PIECE, 0.2));
    other.name(new Recognized<>("Молоко", 0.3)).discount(new Recognized<>(20, 0.9));

    assertThat(TagPairs.disagreements(reading(one.build()), reading(other.build())))
        .extracting(Disagreement::field)
        .containsExactly(Field.UNIT, Field.DISCOUNT);
  }

  @Test
  void overlap_squareAndTheSameTurned_isThatOfAnOctagon() {
    Outline square = Outline.of(new Box(-1, -1, 1, 1));
    double r = Math.sqrt(2);
    Outline turned =
        new Outline(new Point(0, -r), new Point(r, 0), new Point(0, r), new Point(-r, 0));
    double octagon = 8 * (r - 1);

    assertThat(TagPairs.overlap(square, turned)).isCloseTo(octagon / (8 - octagon), within(1e-9));
  }

  @Property(tries = 200)
  void overlap_boxes_isThatOfTheirSides(
      @ForAll @DoubleRange(min = -3, max = 3) double dx,
      @ForAll @DoubleRange(min = -3, max = 3) double dy) {
    Outline one = Outline.of(new Box(0, 0, 2, 2));
    Outline other = Outline.of(new Box(dx, dy, dx + 2, dy + 2));
    double shared = Math.max(0, 2 - Math.abs(dx)) * Math.max(0, 2 - Math.abs(dy));

    assertThat(TagPairs.overlap(one, other)).isCloseTo(shared / (8 - shared), within(1e-9));
    assertThat(TagPairs.overlap(other, one)).isCloseTo(shared / (8 - shared), within(1e-9));
  }
}
