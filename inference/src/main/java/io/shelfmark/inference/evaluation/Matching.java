package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Box;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which tag was read for which label: a tag matches a label when its outline contains the center of
 * the label's price box, highest confidence first, one to one; of several labels in one outline it
 * takes the one nearest to the outline's middle. A tag that is left over is ignored when it lies on
 * a label that is not scored, or on an outlined tag without label.
 */
final class Matching {

  private final LabeledPhoto photo;
  private final double width;
  private final double height;
  private final List<Optional<PriceTag>> matches = new ArrayList<>();
  private final List<PriceTag> unmatched = new ArrayList<>();

  private Matching(LabeledPhoto photo, ShelfReading reading) {
    this.photo = photo;
    this.width = reading.width();
    this.height = reading.height();
    photo.tags().forEach(label -> matches.add(Optional.empty()));
    reading.tags().stream()
        .sorted(Comparator.comparingDouble(PriceTag::confidence).reversed())
        .forEach(this::place);
  }

  static Matching of(LabeledPhoto photo, ShelfReading reading) {
    return new Matching(photo, reading);
  }

  /** One tag or none per label, in the order of the labels. */
  List<Optional<PriceTag>> matches() {
    return matches;
  }

  /** Tags on no label and on nothing that is ignored. */
  List<PriceTag> unmatched() {
    return unmatched;
  }

  private void place(PriceTag tag) {
    Outline outline = tag.detection().outline();
    Point middle = LabelParser.middle(outline);
    int best = -1;
    double nearest = Double.POSITIVE_INFINITY;
    boolean ignored = false;
    for (int i = 0; i < matches.size(); i++) {
      LabeledTag label = photo.tags().get(i);
      Point anchor = pixels(label.anchor());
      if (!outline.contains(anchor)) {
        continue;
      }
      ignored |= !label.scored();
      if (matches.get(i).isEmpty() && anchor.distance(middle) < nearest) {
        best = i;
        nearest = anchor.distance(middle);
      }
    }
    if (best >= 0) {
      matches.set(best, Optional.of(tag));
    } else if (!ignored && !onUnlabeledOutline(outline, middle)) {
      unmatched.add(tag);
    }
  }

  private boolean onUnlabeledOutline(Outline outline, Point middle) {
    return photo.outlines().stream()
        .filter(box -> photo.tags().stream().noneMatch(label -> contains(box, label.anchor())))
        .anyMatch(
            box ->
                outline.contains(pixels(box.center()))
                    || contains(box, new Point(middle.x() / width, middle.y() / height)));
  }

  private Point pixels(Point relative) {
    return new Point(relative.x() * width, relative.y() * height);
  }

  private static boolean contains(Box box, Point point) {
    return point.x() >= box.left()
        && point.x() <= box.right()
        && point.y() >= box.top()
        && point.y() <= box.bottom();
  }
}
