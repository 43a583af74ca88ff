package io.shelfmark.tracking.store;

import java.util.Objects;

/**
 * A write that can never be made, such as a param with another value than before.
 *
 * @param write that was refused
 * @param reason why
 */
public record Refusal(RunWrite write, TrackingException reason) {

  /** Checks that everything is there. */
  public Refusal {
    Objects.requireNonNull(write, "write");
    Objects.requireNonNull(reason, "reason");
  }
}
