package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagField;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineOrderTest {

  private static FieldText box(double left, double top, double right, double bottom) {
    return new FieldText(
        new TagField(FieldKind.NAME, new Box(left, top, right, bottom), 0.9), List.of());
  }

  private static List<FieldText> sorted(FieldText... lines) {
    List<FieldText> sorted = new ArrayList<>(List.of(lines));
    LineOrder.sort(sorted);
    return sorted;
  }

  @Test
  void sort_boxesOfOneRow_comeFromTheLeft() {
    FieldText right = box(120, 11, 200, 31);
    FieldText left = box(10, 14, 110, 34);
    FieldText below = box(10, 40, 200, 60);

    assertThat(sorted(below, right, left)).containsExactly(left, right, below);
  }

  @Test
  void sort_linesThatOverlapByMoreThanHalf_comeFromTheTop() {
    FieldText upper = box(20, 10, 200, 40);
    FieldText lower = box(10, 20, 190, 50);

    assertThat(sorted(lower, upper)).containsExactly(upper, lower);
  }
}
