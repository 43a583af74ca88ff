package io.shelfmark.inference.rollout;

import io.shelfmark.inference.rollout.Disagreement.Field;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a candidate read beside the version in use. Immutable.
 *
 * @param percent of the photos that are compared, 0 to 100
 * @param figures what the candidate did with them; their latency has no wait in it
 * @param dropped photos of the share that found the queue full
 * @param disagreeing photos on which the versions read something differently
 * @param disagreements how many there were on each field that had any
 */
public record ShadowFigures(
    double percent,
    VersionFigures figures,
    long dropped,
    long disagreeing,
    Map<Field, Long> disagreements) {

  /** Copies the map. */
  public ShadowFigures {
    Objects.requireNonNull(figures, "figures");
    Map<Field, Long> sorted = new EnumMap<>(Field.class);
    sorted.putAll(disagreements);
    disagreements = Collections.unmodifiableMap(sorted);
  }
}
