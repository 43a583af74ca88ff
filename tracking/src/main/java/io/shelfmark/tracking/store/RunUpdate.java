package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What changes at the head of a run; what is empty stays.
 *
 * @param status how far it is now
 * @param endTime when it ended
 * @param name what people call it now
 */
public record RunUpdate(
    Optional<RunStatus> status, Optional<Instant> endTime, Optional<String> name) {

  /** Checks that everything is there. */
  public RunUpdate {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(endTime, "endTime");
    Objects.requireNonNull(name, "name");
  }

  /** The run ended. */
  public static RunUpdate ended(RunStatus status, Instant endTime) {
    return new RunUpdate(Optional.of(status), Optional.of(endTime), Optional.empty());
  }

  /** The run is at work again. */
  public static RunUpdate resumed() {
    return new RunUpdate(Optional.of(RunStatus.RUNNING), Optional.empty(), Optional.empty());
  }
}
