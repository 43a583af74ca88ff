package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A registered model as it is on record.
 *
 * @param name of the model and of the artifact that holds its versions
 * @param createdAt when it was made
 * @param updatedAt when anything of it last changed
 * @param description what people say of it; may be empty
 * @param tags labels on it
 * @param aliases names of versions, and the version that each names
 * @param latestVersions the last version of each stage
 */
public record ModelRecord(
    String name,
    Instant createdAt,
    Instant updatedAt,
    String description,
    Map<String, String> tags,
    Map<String, Long> aliases,
    List<ModelVersionRecord> latestVersions) {

  /** Copies the maps and the list. */
  public ModelRecord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(description, "description");
    tags = Map.copyOf(tags);
    aliases = Map.copyOf(aliases);
    latestVersions = List.copyOf(latestVersions);
  }
}
