package io.shelfmark.inference.model;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * Whether a network is better run in its int8 variant: where the variant's card says that it loses
 * little, and this machine gains by it. What a machine gains is measured once in a process, for
 * each network whose card allows it. Thread-safe.
 */
public final class Int8Choice {

  /** How many points of accuracy a variant may lose, by its card's {@code points_lost}. */
  static final double MOST_POINTS_LOST = 0.3;

  private static final Int8Choice PROCESS = new Int8Choice(MOST_POINTS_LOST, Int8Trial::gains);

  private final double mostPointsLost;
  private final BiPredicate<ModelSource, ModelSource> gains;
  private final Map<String, Boolean> measured = new ConcurrentHashMap<>();

  /**
   * A choice by another limit and measurement: of a network and its variant, whether the latter
   * gains.
   */
  Int8Choice(double mostPointsLost, BiPredicate<ModelSource, ModelSource> gains) {
    this.mostPointsLost = mostPointsLost;
    this.gains = gains;
  }

  /** The variant of {@code network} or itself, whichever is better here. */
  public static ModelSource choose(ModelSource network) {
    return PROCESS.of(network);
  }

  ModelSource of(ModelSource network) {
    ModelSource variant = network.int8();
    if (variant.equals(network)) {
      return network;
    }
    OptionalDouble lost = variant.cardNumber("points_lost");
    // a card that says nothing was not measured
    if (lost.isEmpty() || lost.getAsDouble() > mostPointsLost) {
      return network;
    }
    return measured.computeIfAbsent(network.name(), name -> gains.test(network, variant))
        ? variant
        : network;
  }
}
