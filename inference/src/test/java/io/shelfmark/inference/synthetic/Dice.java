package io.shelfmark.inference.synthetic;

import java.awt.Color;
import java.util.List;
import java.util.SplittableRandom;

/** The one source of chance of a photo. Not thread-safe: each photo has its own. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this.random = new SplittableRandom(seed);
  }

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Dice of photo {@code index} of the set {@code seed}: unrelated for neighbouring numbers. */
  static Dice of(long seed, int index) {
    return new Dice(mixed(mixed(seed) + index));
  }

  /**
   * David Stafford's 64-bit mixer, variant 13: without it the streams of neighbouring seeds would
   * be shifts of each other.
   */
  private static long mixed(long bits) {
    long z = bits + 0x632BE59BD9B4E019L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Dice whose throws do not shift the throws of these. */
  Dice split() {
    return new Dice(random.split());
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From {@code from} to {@code to}, the latter excluded. */
  double real(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** From {@code from} to {@code to}, both included. */
  int whole(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  /**
   * Bell-shaped around 0 with deviation 1, within -3.5 and 3.5 (sum of twelve throws would be wider
   * and slower).
   */
  double bell() {
    double sum =
        random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble();
    return (sum - 2) * 1.7320508;
  }

  long bits() {
    return random.nextLong();
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Index drawn in proportion to the weights. */
  int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double at = random.nextDouble() * sum;
    for (int i = 0; i < weights.length - 1; i++) {
      at -= weights[i];
      if (at < 0) {
        return i;
      }
    }
    return weights.length - 1;
  }

  String digits(int count) {
    StringBuilder digits = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.toString();
  }

  /** Any hue, with saturation and brightness within the given bounds. */
  Color color(
      double minSaturation, double maxSaturation, double minBrightness, double maxBrightness) {
    return Color.getHSBColor(
        (float) random.nextDouble(),
        (float) real(minSaturation, maxSaturation),
        (float) real(minBrightness, maxBrightness));
  }
}
