package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The head of a run's record.
 *
 * @param id 32 lower-case hexadecimal digits
 * @param experimentId whose run it is
 * @param name what people call it
 * @param user who runs it; may be empty
 * @param status how far it is
 * @param startTime when it began
 * @param endTime when it ended
 * @param artifactLocation where its files lie
 * @param lifecycle whether it was deleted
 */
public record RunInfo(
    String id,
    String experimentId,
    String name,
    String user,
    RunStatus status,
    Instant startTime,
    Optional<Instant> endTime,
    String artifactLocation,
    Lifecycle lifecycle) {

  /** Checks that everything is there. */
  public RunInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(startTime, "startTime");
    Objects.requireNonNull(endTime, "endTime");
    Objects.requireNonNull(artifactLocation, "artifactLocation");
    Objects.requireNonNull(lifecycle, "lifecycle");
  }
}
