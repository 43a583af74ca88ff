package io.shelfmark.artifact;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One move of an alias.
 *
 * @param alias that moved
 * @param from the number of the version it named before, where it named one
 * @param to the number of the version it names since; empty where it was removed
 * @param at when, by the clock of who moved it
 * @param author who moved it
 * @param reason why
 */
public record AliasMove(
    String alias,
    Optional<Long> from,
    Optional<Long> to,
    Instant at,
    String author,
    String reason) {

  /** Checks that everything is there. */
  public AliasMove {
    Objects.requireNonNull(alias, "alias");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(reason, "reason");
  }
}
