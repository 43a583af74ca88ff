package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.Recognized;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Weighs the readings of a tag's two prices against each other and against what else the tag says.
 * Every pair of readings, «something else» included, is a hypothesis; its weight is the product of
 *
 * <ul>
 *   <li>the recognizer's confidences,
 *   <li>how well the pair explains the printed discount: chains print floor(100·(1 −
 *       price/regular)) or round it,
 *   <li>how well the price explains a printed price per kilogram or liter and the pack's size,
 *   <li>a price that is not below the regular one is hardly ever so printed; with a discount that
 *       proves it, the two fields were taken for each other.
 * </ul>
 *
 * A price's confidence is its share of all weight (Bayes). Holds scratch memory: for one thread.
 */
final class PriceArithmetic {

  private static final double NOT_BELOW_REGULAR = 0.02;
  private static final double SWAPPED = 0.01;
  private static final double PER_PERCENT = 1.0 / 98;

  /** Of the readings that nobody thought of many differ in kopecks alone, and fit as well. */
  private static final double UNKNOWN_FITS = 0.2;

  private static final double CERTAIN = 0.9995;

  /**
   * What else is known.
   *
   * @param discount the printed discount in percent
   * @param cost what the price should be by price per unit and pack size, in minor units
   */
  record Evidence(Optional<Recognized<Integer>> discount, Optional<Recognized<Double>> cost) {
    static final Evidence NONE = new Evidence(Optional.empty(), Optional.empty());
  }

  /** The outcome; the regular price, if there is one, is above the price. */
  record Resolution(Optional<Recognized<Price>> price, Optional<Recognized<Price>> regular) {}

  // hypotheses, in arrays that are kept: a price and a regular price, null for one that nobody
  // thought of, and the weight
  private @Nullable Price[] mains = new Price[32];
  private @Nullable Price[] regulars = new Price[32];
  private double[] weights = new double[32];
  private int size;

  Resolution resolve(PriceCandidates prices, PriceCandidates others, Evidence evidence) {
    weigh(prices, others, evidence);
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[i];
    }
    Optional<Recognized<Price>> price = best(mains, total);
    keepFitting(price.isEmpty() ? null : price.get().value());
    return new Resolution(price, best(regulars, total));
  }

  private void weigh(PriceCandidates prices, PriceCandidates others, Evidence evidence) {
    size = 0;
    for (int i = 0; i < prices.size(); i++) {
      Price price = prices.price(i);
      double weight = prices.confidence(i) * explainsCost(price, evidence);
      for (int j = 0; j < others.size(); j++) {
        Price regular = others.price(j);
        double ordered = isBelow(price, regular) ? 1 : NOT_BELOW_REGULAR;
        double explained = explainsDiscount(price, regular, evidence);
        add(price, regular, weight * others.confidence(j) * ordered * explained);
        if (isBelow(regular, price) && evidence.discount().isPresent()) {
          double swapped =
              explainsDiscount(regular, price, evidence) * explainsCost(regular, evidence);
          add(regular, price, prices.confidence(i) * others.confidence(j) * SWAPPED * swapped);
        }
      }
      double unknown = explainsDiscount(price, null, evidence);
      add(price, null, weight * others.unknown() * unknown);
    }
    double weight = prices.unknown() * (evidence.cost().isPresent() ? UNKNOWN_FITS : 1);
    double unknown = explainsDiscount(null, null, evidence);
    for (int j = 0; j < others.size(); j++) {
      add(null, others.price(j), weight * others.confidence(j) * unknown);
    }
    add(null, null, weight * others.unknown() * unknown);
  }

  private void add(@Nullable Price price, @Nullable Price regular, double weight) {
    if (size == weights.length) {
      mains = Arrays.copyOf(mains, 2 * size);
      regulars = Arrays.copyOf(regulars, 2 * size);
      weights = Arrays.copyOf(weights, 2 * size);
    }
    mains[size] = price;
    regulars[size] = regular;
    weights[size++] = weight;
  }

  /** Drops the hypotheses whose regular price may not stand beside the chosen price. */
  private void keepFitting(@Nullable Price price) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      Price regular = regulars[i];
      if (regular != null && (price == null || isBelow(price, regular))) {
        regulars[kept] = regular;
        weights[kept++] = weights[i];
      }
    }
    size = kept;
  }

  private Optional<Recognized<Price>> best(@Nullable Price[] prices, double total) {
    Price best = null;
    double bestWeight = 0;
    for (int i = 0; i < size; i++) {
      double weight = 0;
      for (int j = 0; prices[i] != null && j < size; j++) {
        weight += prices[i].equals(prices[j]) ? weights[j] : 0;
      }
      if (weight > bestWeight) {
        best = prices[i];
        bestWeight = weight;
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Recognized<>(best, Math.min(CERTAIN, bestWeight / total)));
  }

  private static boolean isBelow(Price price, Price regular) {
    return price.currency().equals(regular.currency()) && price.minor() < regular.minor();
  }

  private static double explainsDiscount(
      @Nullable Price price, @Nullable Price regular, Evidence evidence) {
    if (evidence.discount().isEmpty()) {
      return 1;
    }
    double sure = evidence.discount().get().confidence();
    double fit =
        price == null || regular == null
            ? UNKNOWN_FITS
            : fit(evidence.discount().get().value(), price, regular);
    return sure * fit + (1 - sure) * PER_PERCENT;
  }

  private static double fit(int discount, Price price, Price regular) {
    double exact = 100 * (1 - (double) price.minor() / regular.minor());
    long floor = (long) Math.floor(exact + 1e-9);
    long rounded = Math.round(exact);
    if (discount == floor || discount == rounded) {
      return floor == rounded ? 0.9 : 0.5;
    }
    return Math.abs(discount - floor) == 1 ? 0.03 : 0.0005;
  }

  private static double explainsCost(Price price, Evidence evidence) {
    if (evidence.cost().isEmpty()) {
      return 1;
    }
    double expected = evidence.cost().get().value();
    double sure = evidence.cost().get().confidence();
    boolean fits = Math.abs(price.minor() - expected) <= 0.005 * expected + 1;
    return sure * (fits ? 0.7 : 0.01) + (1 - sure) * 0.1;
  }
}
