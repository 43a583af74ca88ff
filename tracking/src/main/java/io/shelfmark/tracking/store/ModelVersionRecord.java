package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of a registered model as it is on record.
 *
 * @param model whose version
 * @param version from 1
 * @param createdAt when it was made
 * @param updatedAt when anything of it last changed
 * @param description what people say of it; may be empty
 * @param user who made it; may be empty
 * @param stage of old clients: None, Staging, Production or Archived
 * @param source where its files were when it was made
 * @param location where its files can be read now
 * @param runId the run that made it
 * @param modelId the logged model that it is
 * @param tags labels on it
 * @param aliases that name it, in order
 */
public record ModelVersionRecord(
    String model,
    long version,
    Instant createdAt,
    Instant updatedAt,
    String description,
    String user,
    String stage,
    String source,
    String location,
    Optional<String> runId,
    Optional<String> modelId,
    Map<String, String> tags,
    List<String> aliases) {

  /** The stage of a version that was never given one. */
  public static final String NO_STAGE = "None";

  /** Copies the tags and aliases. */
  public ModelVersionRecord {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(modelId, "modelId");
    tags = Map.copyOf(tags);
    aliases = List.copyOf(aliases);
  }
}
