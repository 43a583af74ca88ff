package io.shelfmark.tracking.store;

import java.util.Objects;

/**
 * A logged model that a run made.
 *
 * @param modelId of the logged model
 * @param step of the run at which it was made
 */
public record ModelOutput(String modelId, long step) {

  /** Checks that everything is there. */
  public ModelOutput {
    Objects.requireNonNull(modelId, "modelId");
  }
}
