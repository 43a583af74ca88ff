package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTagRecognizer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** How a version comes and goes. Thread-safe. */
final class Versions {

  private final WarmUp warmUp;
  private final Set<ModelVersion> retired = ConcurrentHashMap.newKeySet();

  Versions(WarmUp warmUp) {
    this.warmUp = warmUp;
  }

  /**
   * Opens a version and has it read the warm-up; on failure nothing of it is left. The caller holds
   * it, and lets go with {@link #retire}.
   *
   * @param stays what messages say of the traffic then, or nothing
   * @throws ModelException when it does not open or cannot read one of the photos
   */
  ModelVersion open(String name, Supplier<? extends PriceTagRecognizer> models, String stays) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot name models: found a blank, expected a name such as v5");
    }
    ModelVersion version = new ModelVersion(name, opened(name, models, stays), retired::remove);
    try {
      warmUp.photos().forEach(version.recognizer()::recognize);
    } catch (RuntimeException e) {
      retire(version);
      throw refused("warm up", name, stays, e);
    } catch (Error e) {
      retire(version);
      throw e;
    }
    return version;
  }

  private static PriceTagRecognizer opened(
      String name, Supplier<? extends PriceTagRecognizer> models, String stays) {
    try {
      return Objects.requireNonNull(models.get(), "models");
    } catch (RuntimeException e) {
      throw refused("open", name, stays, e);
    }
  }

  private static ModelException refused(
      String verb, String name, String stays, RuntimeException cause) {
    return new ModelException(
        "Cannot %s models %s%s: %s".formatted(verb, name, stays, cause.getMessage()), cause);
  }

  /** Lets a version go: it is closed when its last photo is read. */
  void retire(ModelVersion version) {
    retired.add(version);
    version.release();
  }

  /** How many have been let go and are not closed yet. */
  int draining() {
    return retired.size();
  }

  /** Waits until all that were let go are closed. */
  void awaitClosed() {
    retired.forEach(ModelVersion::awaitClosed);
  }
}
