package io.shelfmark.dataset;

import io.shelfmark.artifact.FileEntry;
import java.util.Objects;

/**
 * A file of a version that cannot be read.
 *
 * @param file that is damaged or missing
 * @param problem what was found in its place
 */
public record Damage(FileEntry file, String problem) {

  /** Checks that everything is there. */
  public Damage {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(problem, "problem");
  }
}
