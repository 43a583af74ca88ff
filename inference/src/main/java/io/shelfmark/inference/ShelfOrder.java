package io.shelfmark.inference;

import java.util.Comparator;
import java.util.List;

/** Shelves from top to bottom, the tags of one shelf from left to right. */
final class ShelfOrder {

  private static final Comparator<PriceTag> BY_HEIGHT = Comparator.comparingDouble(ShelfOrder::y);
  private static final Comparator<PriceTag> BY_SIDE = Comparator.comparingDouble(ShelfOrder::x);

  private ShelfOrder() {}

  /** Puts {@code tags} in order. */
  static void sort(List<PriceTag> tags) {
    tags.sort(BY_HEIGHT);
    int start = 0;
    for (int i = 1; i <= tags.size(); i++) {
      // a tag below the one before it begins the next shelf
      if (i == tags.size() || isBelow(tags.get(i), tags.get(i - 1))) {
        tags.subList(start, i).sort(BY_SIDE);
        start = i;
      }
    }
  }

  /** Whether a tag's center lies below the other one's by more than half its height. */
  private static boolean isBelow(PriceTag tag, PriceTag other) {
    Outline outline = outline(tag);
    return y(tag) - y(other) > (outline.bottom() - outline.top()) / 2;
  }

  private static double x(PriceTag tag) {
    Outline outline = outline(tag);
    return (outline.left() + outline.right()) / 2;
  }

  private static double y(PriceTag tag) {
    Outline outline = outline(tag);
    return (outline.top() + outline.bottom()) / 2;
  }

  private static Outline outline(PriceTag tag) {
    return tag.detection().outline();
  }
}
