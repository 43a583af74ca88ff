package io.shelfmark.inference.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which stretches of the rails hang full, so that tags overlap only where a scene wants them to.
 * Not thread-safe.
 */
final class RowOccupancy {
  private final List<Stretch> taken = new ArrayList<>();

  private record Stretch(double from, double to, double y, double height) {
    boolean meets(ShelfPlan.Place place, double width) {
      return Math.abs(place.y() - y) < 0.8 * height && place.x() < to && place.x() + width > from;
    }
  }

  /** The place itself or one beside what is in its way; nothing if that is taken too. */
  Optional<ShelfPlan.Place> free(ShelfPlan.Place place, double width, double gap) {
    Optional<Stretch> first = blocker(place, width);
    if (first.isEmpty()) {
      return Optional.of(place);
    }
    Stretch blocker = first.get();
    double x = place.x() < blocker.from() ? blocker.from() - gap - width : blocker.to() + gap;
    ShelfPlan.Place moved = new ShelfPlan.Place(x, place.y(), place.height(), place.room());
    return blocker(moved, width).isEmpty() ? Optional.of(moved) : Optional.empty();
  }

  void take(ShelfPlan.Place place, double width) {
    taken.add(new Stretch(place.x(), place.x() + width, place.y(), place.height()));
  }

  private Optional<Stretch> blocker(ShelfPlan.Place place, double width) {
    return taken.stream().filter(stretch -> stretch.meets(place, width)).findFirst();
  }
}
