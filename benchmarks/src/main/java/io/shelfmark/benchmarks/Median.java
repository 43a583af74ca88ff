package io.shelfmark.benchmarks;

import java.util.Arrays;

/** The value in the middle, which a noisy machine moves least. */
final class Median {

  private Median() {}

  /** Of an even number of values the upper one; they stay as they are. */
  static double of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
