package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order in which people read the lines of a tag. Stateless. */
final class LineOrder {

  private LineOrder() {}

  /**
   * Rows from the top, a row from the left. Two boxes share a row when their centers nearly do and
   * neither stands over the other: lines that run askew may lie closer than they are high.
   */
  static List<FieldText> of(List<FieldText> fields) {
    if (fields.size() < 2) {
      return fields;
    }
    List<FieldText> byTop = new ArrayList<>(fields);
    byTop.sort(Comparator.comparingDouble((FieldText f) -> f.field().box().center().y()));
    List<FieldText> ordered = new ArrayList<>();
    while (!byTop.isEmpty()) {
      Box first = byTop.get(0).field().box();
      List<FieldText> row =
          byTop.stream()
              .filter(f -> shareRow(first, f.field().box()))
              .sorted(Comparator.comparingDouble((FieldText f) -> f.field().box().left()))
              .toList();
      ordered.addAll(row);
      byTop.removeAll(row);
    }
    return ordered;
  }

  private static boolean shareRow(Box first, Box other) {
    double shared = Math.min(first.right(), other.right()) - Math.max(first.left(), other.left());
    boolean beside = shared < 0.3 * Math.min(first.width(), other.width());
    return first.equals(other)
        || (beside
            && other.center().y() - first.center().y()
                < 0.4 * Math.min(first.height(), other.height()));
  }
}
