package io.shelfmark.tracking.store;

import java.time.Instant;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * One change of what an alias of a registered model names.
 *
 * @param at when it changed
 * @param version that the alias names since then; empty when the alias was removed
 * @param user who changed it; may be empty
 */
public record AliasChange(Instant at, OptionalLong version, String user) {

  /** Checks that everything is there. */
  public AliasChange {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(user, "user");
  }
}
