package io.shelfmark.artifact;

import io.shelfmark.ShelfmarkException;
import java.util.Optional;

/** An alias named another version than expected. Look at it again, then decide anew. */
public final class AliasConflictException extends ShelfmarkException {

  private static final long serialVersionUID = 1L;

  private final String alias;
  private final long found;

  /** Reports what an alias names; 0 stands for nothing. */
  public AliasConflictException(String name, String alias, long found, long expected) {
    super(
        "Cannot move alias %s of %s: found it at %s, expected %s (look at it again)"
            .formatted(alias, name, describe(found), describe(expected)));
    this.alias = alias;
    this.found = found;
  }

  private static String describe(long number) {
    return number == 0 ? "no version" : "version " + number;
  }

  /** The alias that was not moved. */
  public String alias() {
    return alias;
  }

  /** The number of the version it names, where it names one. */
  public Optional<Long> found() {
    return found == 0 ? Optional.empty() : Optional.of(found);
  }
}
