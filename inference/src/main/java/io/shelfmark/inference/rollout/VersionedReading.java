package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ShelfReading;
import java.util.Objects;

/**
 * A reading and the version that made it. Immutable.
 *
 * @param version what the host calls the models
 * @param reading what they read
 */
public record VersionedReading(String version, ShelfReading reading) {

  /** Refuses null. */
  public VersionedReading {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(reading, "reading");
  }
}
