package io.shelfmark.artifact;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a version came from.
 *
 * @param createdAt when it was made, by the clock of who made it
 * @param author who made it
 * @param message what its author said of it; may be empty
 * @param producer the run or step that made it, such as {@code run:42}
 * @param codeVersion of the program that made it, such as a commit
 */
public record Provenance(
    Instant createdAt,
    String author,
    String message,
    Optional<String> producer,
    Optional<String> codeVersion) {

  /** Checks that everything is there. */
  public Provenance {
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(producer, "producer");
    Objects.requireNonNull(codeVersion, "codeVersion");
  }
}
