package io.shelfmark.inference.evaluation;

import java.util.Comparator;
import java.util.List;

/**
 * How many tags could be accepted unseen: the largest share of tags whose price is read with at
 * least some confidence, such that of those readings at least the wanted share is right. Unread
 * tags are not covered. Immutable.
 *
 * @param covered tags at or above the threshold, of all tags with a known price
 * @param right how many of the covered ones are right
 * @param threshold the confidence from which on readings are accepted; NaN when none are
 */
public record Coverage(Ratio covered, long right, double threshold) {

  /** The precision that a confident reading is asked for. */
  static final double WANTED = 0.995;

  static Coverage of(List<TagOutcome> tags, double precision) {
    List<TagOutcome> known =
        tags.stream()
            .filter(tag -> tag.label().price().flatMap(LabeledPrice::full).isPresent())
            .toList();
    List<TagOutcome> read =
        known.stream()
            .filter(tag -> tag.price().isPresent())
            .sorted(Comparator.comparingDouble(Coverage::confidence).reversed())
            .toList();
    Coverage best = new Coverage(new Ratio(0, known.size()), 0, Double.NaN);
    long right = 0;
    for (int i = 0; i < read.size(); i++) {
      right += read.get(i).priceExact() ? 1 : 0;
      double confidence = confidence(read.get(i));
      boolean last = i + 1 == read.size() || confidence(read.get(i + 1)) < confidence;
      if (last && right >= precision * (i + 1)) {
        best = new Coverage(new Ratio(i + 1, known.size()), right, confidence);
      }
    }
    return best;
  }

  private static double confidence(TagOutcome tag) {
    return tag.tag().orElseThrow().confidence();
  }
}
