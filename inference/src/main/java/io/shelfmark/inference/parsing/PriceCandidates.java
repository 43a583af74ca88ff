package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Price;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The prices that a field may say, and how sure the recognizer is of each; at most 1 in all. Kept
 * from tag to tag. For one thread.
 */
final class PriceCandidates {

  private @Nullable Price[] prices = new Price[TextReadings.WAYS];
  private double[] confidences = new double[TextReadings.WAYS];
  private int size;

  /** Forgets all. */
  void clear() {
    size = 0;
  }

  /** Adds a price, or its confidence to that of an equal one. */
  void add(Price price, double confidence) {
    for (int i = 0; i < size; i++) {
      if (price(i).equals(price)) {
        confidences[i] = Math.min(1, confidences[i] + confidence);
        return;
      }
    }
    if (size == prices.length) {
      prices = Arrays.copyOf(prices, 2 * size);
      confidences = Arrays.copyOf(confidences, 2 * size);
    }
    prices[size] = price;
    confidences[size++] = confidence;
  }

  int size() {
    return size;
  }

  Price price(int i) {
    return Objects.requireNonNull(prices[i]);
  }

  double confidence(int i) {
    return confidences[i];
  }

  /** How sure it is that the field says something else. */
  double unknown() {
    double known = 0;
    for (int i = 0; i < size; i++) {
      known += confidences[i];
    }
    return Math.max(0.0005, 1 - known);
  }
}
