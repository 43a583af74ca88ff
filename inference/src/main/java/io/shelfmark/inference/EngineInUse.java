package io.shelfmark.inference;

import java.util.Objects;
import java.util.Optional;

/**
 * The engine that a recognizer got; see {@link PriceTagRecognizer#engine}.
 *
 * @param provider what its models run on
 * @param missing why it is not the one that was asked for: what was found, what was expected and
 *     how to get it; empty when it is
 */
public record EngineInUse(ExecutionProvider provider, Optional<String> missing) {

  /** Checks that nothing is null. */
  public EngineInUse {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(missing, "missing");
  }

  /** An engine that is the one that was asked for. */
  public static EngineInUse of(ExecutionProvider provider) {
    return new EngineInUse(provider, Optional.empty());
  }
}
