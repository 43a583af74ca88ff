package io.shelfmark.tracking.store;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of a registered model to be made.
 *
 * @param model whose version
 * @param source where its files lie: an artifact location, {@code runs:/ID/PATH} or {@code
 *     models:/ID}
 * @param runId the run that made it
 * @param modelId the logged model that it is
 * @param description what people say of it; may be empty
 * @param tags labels on it
 */
public record NewModelVersion(
    String model,
    String source,
    Optional<String> runId,
    Optional<String> modelId,
    String description,
    Map<String, String> tags) {

  /** Copies the tags. */
  public NewModelVersion {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(description, "description");
    tags = Map.copyOf(tags);
  }
}
