package io.shelfmark.examples.loop;

import java.util.Comparator;
import java.util.List;

/**
 * Which of two models is to be in production.
 *
 * @param candidate how well the candidate reads
 * @param production how well the other one does
 * @param verdict which of them it is to be
 * @param reason why
 */
record Comparison(Score candidate, Score production, Verdict verdict, String reason) {

  enum Verdict {
    PROMOTE,
    KEEP
  }

  /** Prices first, then regular prices, then names. */
  private static final Comparator<Score> BETTER =
      Comparator.<Score>comparingLong(score -> score.prices().right())
          .thenComparingLong(score -> score.regularPrices().right())
          .thenComparing(Comparator.comparingLong(Score::nameErrors).reversed());

  /** Of the same model twice there is one score. */
  static Comparison of(List<Score> scores, Production production) {
    Score candidate = scores.get(0);
    Score other = scores.get(scores.size() - 1);
    int order = BETTER.compare(candidate, other);
    boolean first = production.from() == Production.From.BUNDLED;
    if (order > 0) {
      return new Comparison(candidate, other, Verdict.PROMOTE, "the candidate reads better");
    }
    if (order == 0 && first) {
      return new Comparison(
          candidate,
          other,
          Verdict.PROMOTE,
          "nothing is in production yet, and the candidate reads as well as the bundled model");
    }
    return new Comparison(
        candidate,
        other,
        Verdict.KEEP,
        order == 0 ? "the candidate reads no better" : "the candidate reads worse");
  }
}
