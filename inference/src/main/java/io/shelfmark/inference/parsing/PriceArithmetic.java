package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.Recognized;
import java.util.ArrayList;
import java.util.List;
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
 * A price's confidence is its share of all weight (Bayes). Stateless.
 */
final class PriceArithmetic {

  private static final double NOT_BELOW_REGULAR = 0.02;
  private static final double SWAPPED = 0.01;
  private static final double PER_PERCENT = 1.0 / 98;

  /** Of the readings that nobody thought of many differ in kopecks alone, and fit as well. */
  private static final double UNKNOWN_FITS = 0.2;

  private static final double CERTAIN = 0.9995;

  /** Prices and how sure the recognizer is of each; confidences add up to 1 at most. */
  record Candidates(List<Recognized<Price>> prices) {
    Candidates {
      prices = List.copyOf(prices);
    }

    private double known() {
      double sum = 0;
      for (Recognized<Price> price : prices) {
        sum += price.confidence();
      }
      return sum;
    }

    private double unknown() {
      return Math.max(0.0005, 1 - known());
    }
  }

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

  private record Hypothesis(@Nullable Price price, @Nullable Price regular, double weight) {}

  private PriceArithmetic() {}

  static Resolution resolve(Candidates prices, Candidates regulars, Evidence evidence) {
    List<Hypothesis> hypotheses = hypotheses(prices, regulars, evidence);
    double total = hypotheses.stream().mapToDouble(Hypothesis::weight).sum();
    Optional<Recognized<Price>> price = best(hypotheses, total, true);
    Optional<Recognized<Price>> regular = best(fitting(hypotheses, price), total, false);
    return new Resolution(price, regular);
  }

  private static List<Hypothesis> hypotheses(
      Candidates prices, Candidates regulars, Evidence evidence) {
    List<Hypothesis> hypotheses = new ArrayList<>();
    for (Recognized<Price> p : prices.prices()) {
      double weight = p.confidence() * explainsCost(p.value(), evidence);
      for (Recognized<Price> r : regulars.prices()) {
        Price price = p.value();
        Price regular = r.value();
        double ordered = isBelow(price, regular) ? 1 : NOT_BELOW_REGULAR;
        double explained = explainsDiscount(price, regular, evidence);
        hypotheses.add(
            new Hypothesis(price, regular, weight * r.confidence() * ordered * explained));
        if (isBelow(regular, price) && evidence.discount().isPresent()) {
          double swapped =
              explainsDiscount(regular, price, evidence) * explainsCost(regular, evidence);
          hypotheses.add(
              new Hypothesis(regular, price, p.confidence() * r.confidence() * SWAPPED * swapped));
        }
      }
      double unknown = explainsDiscount(p.value(), null, evidence);
      hypotheses.add(new Hypothesis(p.value(), null, weight * regulars.unknown() * unknown));
    }
    double weight = prices.unknown() * (evidence.cost().isPresent() ? UNKNOWN_FITS : 1);
    double unknown = explainsDiscount(null, null, evidence);
    for (Recognized<Price> r : regulars.prices()) {
      hypotheses.add(new Hypothesis(null, r.value(), weight * r.confidence() * unknown));
    }
    hypotheses.add(new Hypothesis(null, null, weight * regulars.unknown() * unknown));
    return hypotheses;
  }

  /** Hypotheses whose regular price may stand beside the chosen price. */
  private static List<Hypothesis> fitting(
      List<Hypothesis> hypotheses, Optional<Recognized<Price>> price) {
    List<Hypothesis> fitting = new ArrayList<>();
    for (Hypothesis hypothesis : hypotheses) {
      Price regular = hypothesis.regular();
      if (regular != null && (price.isEmpty() || isBelow(price.get().value(), regular))) {
        fitting.add(hypothesis);
      }
    }
    return fitting;
  }

  private static Optional<Recognized<Price>> best(
      List<Hypothesis> hypotheses, double total, boolean main) {
    Price best = null;
    double bestWeight = 0;
    for (Hypothesis candidate : hypotheses) {
      Price price = main ? candidate.price() : candidate.regular();
      double weight = 0;
      for (Hypothesis other : hypotheses) {
        weight +=
            price != null && price.equals(main ? other.price() : other.regular())
                ? other.weight()
                : 0;
      }
      if (weight > bestWeight) {
        best = price;
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
