package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShelfOrderTest {

  @Test
  void sort_twoShelvesThatSlope_goesShelfByShelfFromLeftToRight() {
    PriceTag a = tag(10, 100);
    PriceTag b = tag(200, 112);
    PriceTag c = tag(400, 96);
    PriceTag d = tag(30, 300);
    PriceTag e = tag(250, 290);
    assertThat(sorted(e, c, d, b, a)).containsExactly(a, b, c, d, e);
  }

  @Test
  void sort_noTags_isEmpty() {
    assertThat(sorted()).isEmpty();
  }

  private static List<PriceTag> sorted(PriceTag... tags) {
    List<PriceTag> sorted = new ArrayList<>(List.of(tags));
    ShelfOrder.sort(sorted);
    return sorted;
  }

  private static PriceTag tag(double left, double top) {
    Box box = new Box(left, top, left + 120, top + 60);
    return PriceTag.builder(new Detection(Outline.of(box), 0.9)).build();
  }
}
