package io.shelfmark.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shelves from top to bottom, the tags of one shelf from left to right. */
final class ShelfOrder {

  private ShelfOrder() {}

  static List<PriceTag> sort(List<PriceTag> tags) {
    List<PriceTag> byHeight = new ArrayList<>(tags);
    byHeight.sort(Comparator.comparingDouble(tag -> tag.detection().box().center().y()));
    List<PriceTag> sorted = new ArrayList<>();
    List<PriceTag> shelf = new ArrayList<>();
    for (PriceTag tag : byHeight) {
      // A tag whose center lies below the one before by more than half its height begins the next
      // shelf.
      if (!shelf.isEmpty() && below(tag, shelf.get(shelf.size() - 1))) {
        flush(shelf, sorted);
      }
      shelf.add(tag);
    }
    flush(shelf, sorted);
    return sorted;
  }

  private static boolean below(PriceTag tag, PriceTag other) {
    return tag.detection().box().center().y() - other.detection().box().center().y()
        > tag.detection().box().height() / 2;
  }

  private static void flush(List<PriceTag> shelf, List<PriceTag> sorted) {
    shelf.sort(Comparator.comparingDouble(tag -> tag.detection().box().center().x()));
    sorted.addAll(shelf);
    shelf.clear();
  }
}
