package io.shelfmark.examples.loop;

import io.shelfmark.inference.evaluation.Ratio;
import io.shelfmark.inference.evaluation.Scores;
import java.util.Locale;

/**
 * How well a model reads the dev photos.
 *
 * @param photos how many
 * @param tags how many readable tags are on them
 * @param prices prices that are right to the kopeck
 * @param regularPrices the same of regular prices
 * @param nameErrors wrong, missing and surplus characters of legible names
 * @param nameCharacters how many characters those have
 */
record Score(
    int photos, int tags, Ratio prices, Ratio regularPrices, long nameErrors, long nameCharacters) {

  static Score of(Scores all) {
    return new Score(
        all.photos(),
        all.tags(),
        all.priceExact(),
        all.regularPriceExact(),
        all.name().errors(),
        all.name().characters());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "prices %d of %d, regular prices %d of %d, names %d errors in %d characters",
        prices.right(),
        prices.of(),
        regularPrices.right(),
        regularPrices.of(),
        nameErrors,
        nameCharacters);
  }
}
