package io.shelfmark.tracking.store;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An experiment to be made.
 *
 * @param name not empty, unlike every other experiment's, deleted ones included
 * @param artifactLocation where its runs' files go; the store's choice when empty
 * @param tags to begin with
 */
public record NewExperiment(
    String name, Optional<String> artifactLocation, Map<String, String> tags) {

  /** Copies the tags. */
  public NewExperiment {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(artifactLocation, "artifactLocation");
    tags = Map.copyOf(tags);
  }

  /** With the store's artifact location and without tags. */
  public static NewExperiment named(String name) {
    return new NewExperiment(name, Optional.empty(), Map.of());
  }
}
