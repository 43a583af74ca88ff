package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Box;
import java.util.Comparator;
import java.util.List;

/** The order in which people read the lines of a tag. Stateless. */
final class LineOrder {

  private static final double SAME_ROW = 0.4;
  private static final double STANDING_OVER = 0.3;
  private static final Comparator<FieldText> BY_MIDDLE =
      Comparator.comparingDouble(LineOrder::middle);

  private LineOrder() {}

  /**
   * Sorts into rows from the top, a row from the left. Two boxes share a row when their centers
   * nearly do and neither stands over the other: lines that run askew may lie closer than they are
   * high.
   */
  static void sort(List<FieldText> lines) {
    if (lines.size() < 2) {
      return;
    }
    lines.sort(BY_MIDDLE);
    int rowEnd;
    for (int rowStart = 0; rowStart < lines.size(); rowStart = rowEnd) {
      FieldText first = lines.get(rowStart);
      rowEnd = rowStart + 1;
      for (int i = rowEnd; i < lines.size(); i++) {
        if (sharesRow(lines.get(i), first)) {
          insert(lines, i, rowStart, rowEnd++);
        }
      }
    }
  }

  /** Moves line {@code i} to where its left edge belongs in the row. */
  private static void insert(List<FieldText> lines, int i, int rowStart, int rowEnd) {
    FieldText line = lines.remove(i);
    int at = rowEnd;
    while (at > rowStart && left(lines.get(at - 1)) > left(line)) {
      at--;
    }
    lines.add(at, line);
  }

  private static boolean sharesRow(FieldText line, FieldText first) {
    double height = Math.min(first.field().box().height(), line.field().box().height());
    return middle(line) - middle(first) < SAME_ROW * height && areBeside(line, first);
  }

  private static boolean areBeside(FieldText line, FieldText first) {
    Box a = line.field().box();
    Box b = first.field().box();
    double shared = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    return shared < STANDING_OVER * Math.min(a.width(), b.width());
  }

  private static double middle(FieldText line) {
    Box box = line.field().box();
    return (box.top() + box.bottom()) / 2;
  }

  private static double left(FieldText line) {
    return line.field().box().left();
  }
}
