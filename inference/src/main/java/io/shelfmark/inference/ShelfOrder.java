package io.shelfmark.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Shelves from top to bottom, the tags of one shelf from left to right. */
final class ShelfOrder {

  private static final Comparator<Placed> BY_HEIGHT = Comparator.comparingDouble(Placed::y);
  private static final Comparator<Placed> BY_SIDE = Comparator.comparingDouble(Placed::x);

  /** A tag, its center and its height: boxes are made anew whenever they are asked for. */
  private record Placed(PriceTag tag, double x, double y, double height) {
    static Placed of(PriceTag tag) {
      Box box = tag.detection().box();
      double x = (box.left() + box.right()) / 2;
      double y = (box.top() + box.bottom()) / 2;
      return new Placed(tag, x, y, box.height());
    }

    /** Whether its center lies below the other one by more than half its height. */
    boolean isBelow(Placed other) {
      return y - other.y > height / 2;
    }
  }

  private ShelfOrder() {}

  static List<PriceTag> sort(List<PriceTag> tags) {
    List<Placed> placed = new ArrayList<>(tags.size());
    for (PriceTag tag : tags) {
      placed.add(Placed.of(tag));
    }
    placed.sort(BY_HEIGHT);
    int start = 0;
    for (int i = 1; i <= placed.size(); i++) {
      // a tag below the one before it begins the next shelf
      if (i == placed.size() || placed.get(i).isBelow(placed.get(i - 1))) {
        placed.subList(start, i).sort(BY_SIDE);
        start = i;
      }
    }
    List<PriceTag> sorted = new ArrayList<>(tags.size());
    for (Placed each : placed) {
      sorted.add(each.tag());
    }
    return sorted;
  }
}
