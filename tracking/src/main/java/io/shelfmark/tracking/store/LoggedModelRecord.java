package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A logged model as it is on record: a model that a run made, before it has a name in the registry.
 *
 * @param id {@code m-} and 32 hexadecimal digits
 * @param experimentId whose model
 * @param name of it
 * @param type such as {@code Agent}; may be empty
 * @param status how far it is
 * @param sourceRunId the run that made it
 * @param artifactLocation where its files lie
 * @param createdAt when it was made
 * @param updatedAt when anything of it last changed
 * @param params what it was made with
 * @param tags labels on it
 * @param metrics that runs logged for it, the last point of each key
 */
public record LoggedModelRecord(
    String id,
    String experimentId,
    String name,
    String type,
    LoggedModelStatus status,
    Optional<String> sourceRunId,
    String artifactLocation,
    Instant createdAt,
    Instant updatedAt,
    Map<String, String> params,
    Map<String, String> tags,
    List<Metric> metrics) {

  /** Copies the maps and the list. */
  public LoggedModelRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(sourceRunId, "sourceRunId");
    Objects.requireNonNull(artifactLocation, "artifactLocation");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(updatedAt, "updatedAt");
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    metrics = List.copyOf(metrics);
  }
}
