package io.shelfmark.pipeline;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.VersionNotFoundException;
import java.util.Map;

/**
 * What a program gave.
 *
 * @param artifacts the versions that its outputs were published as, by artifact
 * @param metrics the numbers it wrote, by name
 */
public record CommandResult(Map<String, ArtifactVersion> artifacts, Map<String, Double> metrics) {

  /** Copies the maps. */
  public CommandResult {
    artifacts = Map.copyOf(artifacts);
    metrics = Map.copyOf(metrics);
  }

  /**
   * The version of a declared output.
   *
   * @throws VersionNotFoundException when there was none of that artifact
   */
  public ArtifactVersion artifact(String name) {
    ArtifactVersion version = artifacts.get(name);
    if (version == null) {
      throw new VersionNotFoundException(
          "Cannot find artifact %s among a program's outputs: found %s, expected it among them (declare it with publish)"
              .formatted(name, artifacts.keySet()));
    }
    return version;
  }
}
