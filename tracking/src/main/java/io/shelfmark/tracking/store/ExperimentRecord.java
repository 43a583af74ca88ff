package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * An experiment as it is on record.
 *
 * @param id decimal digits; {@code 0} is the experiment that every store begins with
 * @param name such as {@code tag-detector}
 * @param artifactLocation where its runs' files lie
 * @param lifecycle whether it was deleted
 * @param createdAt when it was made
 * @param updatedAt when its name, tags or lifecycle last changed
 * @param tags labels on it
 */
public record ExperimentRecord(
    String id,
    String name,
    String artifactLocation,
    Lifecycle lifecycle,
    Instant createdAt,
    Instant updatedAt,
    Map<String, String> tags) {

  /** Copies the tags. */
  public ExperimentRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(artifactLocation, "artifactLocation");
    Objects.requireNonNull(lifecycle, "lifecycle");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(updatedAt, "updatedAt");
    tags = Map.copyOf(tags);
  }
}
