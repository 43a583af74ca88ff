package io.shelfmark.inference.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether confidences mean what they say: readings with a confidence of 0.8 should be right in 8 of
 * 10 cases. Immutable.
 *
 * @param bins ten bins of equal width, from 0 to 1
 */
public record Calibration(List<Bin> bins) {

  private static final int BINS = 10;

  /**
   * Readings of similar confidence.
   *
   * @param low the lowest confidence of the bin, inclusive
   * @param high the highest, exclusive but for the last bin
   * @param meanConfidence what the recognizer said on average; NaN for an empty bin
   * @param right how many prices are exact, of the readings in the bin
   */
  public record Bin(double low, double high, double meanConfidence, Ratio right) {}

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  static Calibration of(List<TagOutcome> tags) {
    long[] right = new long[BINS];
    long[] count = new long[BINS];
    double[] sum = new double[BINS];
    for (TagOutcome tag : tags) {
      if (tag.price().isPresent() && tag.label().price().flatMap(LabeledPrice::full).isPresent()) {
        double confidence = tag.tag().orElseThrow().confidence();
        int bin = Math.max(0, Math.min(BINS - 1, (int) (confidence * BINS)));
        count[bin]++;
        sum[bin] += confidence;
        right[bin] += tag.priceExact() ? 1 : 0;
      }
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      bins.add(
          new Bin(
              i / (double) BINS,
              (i + 1) / (double) BINS,
              count[i] == 0 ? Double.NaN : sum[i] / count[i],
              new Ratio(right[i], count[i])));
    }
    return new Calibration(bins);
  }

  /**
   * Expected calibration error: the mean distance of confidence and accuracy, weighted by readings;
   * NaN without any.
   */
  public double expectedError() {
    long all = bins.stream().mapToLong(bin -> bin.right().of()).sum();
    return bins.stream()
            .filter(bin -> bin.right().of() > 0)
            .mapToDouble(
                bin -> Math.abs(bin.meanConfidence() - bin.right().rate()) * bin.right().of())
            .sum()
        / all;
  }
}
