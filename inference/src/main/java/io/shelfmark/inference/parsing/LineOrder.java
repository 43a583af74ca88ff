package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The order in which people read the lines of a tag. Stateless. */
final class LineOrder {

  private LineOrder() {}

  /** Rows from the top, a row from the left. Two boxes share a row when their centers nearly do. */
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
              .filter(
                  f ->
                      f.field().box().center().y() - first.center().y()
                          < 0.4 * Math.min(first.height(), f.field().box().height()))
              .sorted(Comparator.comparingDouble((FieldText f) -> f.field().box().left()))
              .toList();
      ordered.addAll(row);
      byTop.removeAll(row);
    }
    return ordered;
  }
}
