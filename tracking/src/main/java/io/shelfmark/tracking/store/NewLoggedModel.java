package io.shelfmark.tracking.store;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A logged model to be made.
 *
 * @param experimentId whose model
 * @param name of it; the store makes one up when empty
 * @param type such as {@code Agent}; may be empty
 * @param sourceRunId the run that made it
 * @param params what it was made with
 * @param tags labels on it
 */
public record NewLoggedModel(
    String experimentId,
    String name,
    String type,
    Optional<String> sourceRunId,
    Map<String, String> params,
    Map<String, String> tags) {

  /** Copies the maps. */
  public NewLoggedModel {
    Objects.requireNonNull(experimentId, "experimentId");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(sourceRunId, "sourceRunId");
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
  }
}
