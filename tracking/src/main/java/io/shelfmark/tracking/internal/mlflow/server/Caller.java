package io.shelfmark.tracking.internal.mlflow.server;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Who makes a request.
 *
 * @param name of the user; empty where nobody is asked for one
 * @param general what the user may do everywhere; nothing when empty
 * @param grants what the user may do in some experiments, by id, where that is more
 */
public record Caller(String name, Optional<Right> general, Map<String, Right> grants) {

  /** Where no users are known, who gets through may do everything. */
  public static final Caller ANYONE = new Caller("", Optional.of(Right.ADMIN), Map.of());

  /** Copies the grants. */
  public Caller {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(general, "general");
    grants = Map.copyOf(grants);
  }

  /** Whether the right holds everywhere. */
  boolean may(Right right) {
    return general.isPresent() && general.get().compareTo(right) >= 0;
  }

  /** Whether the right holds in an experiment. */
  boolean may(Right right, String experimentId) {
    Right granted = grants.get(experimentId);
    return may(right) || (granted != null && granted.compareTo(right) >= 0);
  }
}
