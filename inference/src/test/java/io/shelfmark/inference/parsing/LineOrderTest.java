package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagFields;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineOrderTest {

  private static Box box(double left, double top, double right, double bottom) {
    return new Box(left, top, right, bottom);
  }

  private static List<Box> sorted(Box... lines) {
    TagFields fields = new TagFields();
    for (Box box : lines) {
      fields.add(FieldKind.NAME, box.left(), box.top(), box.right(), box.bottom(), 0.9);
    }
    fields.endTag();
    int[] order = IntStream.range(0, lines.length).toArray();
    LineOrder.sort(new TagText(fields, new TextReadings()).turn(0, List.of()), order, order.length);
    return IntStream.of(order).mapToObj(i -> lines[i]).toList();
  }

  @Test
  void sort_boxesOfOneRow_comeFromTheLeft() {
    Box right = box(120, 11, 200, 31);
    Box left = box(10, 14, 110, 34);
    Box below = box(10, 40, 200, 60);

    assertThat(sorted(below, right, left)).containsExactly(left, right, below);
  }

  @Test
  void sort_linesThatOverlapByMoreThanHalf_comeFromTheTop() {
    Box upper = box(20, 10, 200, 40);
    Box lower = box(10, 20, 190, 50);

    assertThat(sorted(lower, upper)).containsExactly(upper, lower);
  }
}
