package io.shelfmark.tracking.store;

import java.util.Map;
import java.util.Objects;

/**
 * Data that a run used. A dataset of this workspace has its version's digest as digest and {@code
 * dataset:name@number} as source.
 *
 * @param name of the data
 * @param digest of its state; at most 36 characters
 * @param sourceType how to read the source, such as {@code shelfmark} or {@code local}
 * @param source where it lies
 * @param schema of its columns as JSON; may be empty
 * @param profile its figures as JSON; may be empty
 * @param tags labels on this use of it, such as {@code mlflow.data.context} → {@code training}
 */
public record DatasetInput(
    String name,
    String digest,
    String sourceType,
    String source,
    String schema,
    String profile,
    Map<String, String> tags) {

  /** Copies the tags. */
  public DatasetInput {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(sourceType, "sourceType");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(profile, "profile");
    tags = Map.copyOf(tags);
  }
}
