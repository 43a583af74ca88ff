package io.shelfmark.inference.rollout;

import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.Disagreement.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which tags of two readings are the same tag, and where they differ. Two tags are the same when
 * their outlines cover each other by half of what they cover together (intersection over union);
 * the best pairs are taken first, one to one.
 */
final class TagPairs {

  private static final double SAME = 0.5;

  private record Pair(PriceTag current, PriceTag candidate, double overlap) {}

  private TagPairs() {}

  static List<Disagreement> disagreements(ShelfReading current, ShelfReading candidate) {
    List<Disagreement> found = new ArrayList<>();
    Set<PriceTag> left = unpaired(current.tags());
    Set<PriceTag> right = unpaired(candidate.tags());
    for (Pair pair : pairs(current, candidate)) {
      if (left.contains(pair.current) && right.contains(pair.candidate)) {
        left.remove(pair.current);
        right.remove(pair.candidate);
        compare(pair.current, pair.candidate, found);
      }
    }
    left.forEach(tag -> found.add(tag(tag, Optional.of(text(tag)), Optional.empty())));
    right.forEach(tag -> found.add(tag(tag, Optional.empty(), Optional.of(text(tag)))));
    return found;
  }

  private static Set<PriceTag> unpaired(List<PriceTag> tags) {
    return new LinkedHashSet<>(tags);
  }

  private static List<Pair> pairs(ShelfReading current, ShelfReading candidate) {
    List<Pair> pairs = new ArrayList<>();
    for (PriceTag one : current.tags()) {
      for (PriceTag other : candidate.tags()) {
        double overlap = overlap(one.detection().outline(), other.detection().outline());
        if (overlap >= SAME) {
          pairs.add(new Pair(one, other, overlap));
        }
      }
    }
    pairs.sort(Comparator.comparingDouble(Pair::overlap).reversed());
    return pairs;
  }

  private static void compare(PriceTag one, PriceTag other, List<Disagreement> found) {
    field(Field.PRICE, PriceTag::price, one, other, found);
    field(Field.REGULAR_PRICE, PriceTag::regularPrice, one, other, found);
    field(Field.CONDITION, PriceTag::condition, one, other, found);
    field(Field.UNIT, PriceTag::unit, one, other, found);
    field(Field.DISCOUNT, PriceTag::discount, one, other, found);
    field(Field.NAME, PriceTag::name, one, other, found);
    field(Field.BARCODE, PriceTag::barcode, one, other, found);
  }

  private static <T> void field(
      Field field,
      Function<PriceTag, Optional<Recognized<T>>> value,
      PriceTag one,
      PriceTag other,
      List<Disagreement> found) {
    Optional<T> current = value.apply(one).map(Recognized::value);
    Optional<T> candidate = value.apply(other).map(Recognized::value);
    if (!current.equals(candidate)) {
      found.add(
          new Disagreement(
              field,
              Optional.of(one.detection().outline()),
              current.map(String::valueOf),
              candidate.map(String::valueOf)));
    }
  }

  private static Disagreement tag(
      PriceTag tag, Optional<String> current, Optional<String> candidate) {
    return new Disagreement(Field.TAG, Optional.of(tag.detection().outline()), current, candidate);
  }

  private static String text(PriceTag tag) {
    return tag.price().map(String::valueOf).orElse("no price");
  }

  /** Intersection over union of two convex outlines; 0 where one has no area. */
  static double overlap(Outline one, Outline other) {
    if (one.box().right() <= other.box().left()
        || other.box().right() <= one.box().left()
        || one.box().bottom() <= other.box().top()
        || other.box().bottom() <= one.box().top()) {
      return 0;
    }
    double shared = Math.abs(twiceArea(clip(one.corners(), other.corners()))) / 2;
    double together = one.area() + other.area() - shared;
    return together > 0 ? shared / together : 0;
  }

  /** Sutherland and Hodgman, 1974: the part of {@code subject} inside each edge of {@code by}. */
  private static List<Point> clip(List<Point> subject, List<Point> by) {
    double turn = Math.signum(twiceArea(by));
    List<Point> kept = subject;
    for (int i = 0; i < by.size(); i++) {
      Point from = by.get(i);
      Point to = by.get((i + 1) % by.size());
      List<Point> next = new ArrayList<>();
      for (int j = 0; j < kept.size(); j++) {
        Point a = kept.get(j);
        Point b = kept.get((j + 1) % kept.size());
        double sideA = turn * side(from, to, a);
        double sideB = turn * side(from, to, b);
        if (sideA >= 0) {
          next.add(a);
        }
        if ((sideA > 0 && sideB < 0) || (sideA < 0 && sideB > 0)) {
          double t = sideA / (sideA - sideB);
          next.add(new Point(a.x() + t * (b.x() - a.x()), a.y() + t * (b.y() - a.y())));
        }
      }
      kept = next;
    }
    return kept;
  }

  private static double side(Point from, Point to, Point point) {
    return (to.x() - from.x()) * (point.y() - from.y())
        - (to.y() - from.y()) * (point.x() - from.x());
  }

  private static double twiceArea(List<Point> corners) {
    double twice = 0;
    for (int i = 0; i < corners.size(); i++) {
      Point a = corners.get(i);
      Point b = corners.get((i + 1) % corners.size());
      twice += a.x() * b.y() - b.x() * a.y();
    }
    return twice;
  }
}
