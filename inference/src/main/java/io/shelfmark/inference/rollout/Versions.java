package io.shelfmark.inference.rollout;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The versions that are open, and how one gets there. Thread-safe. */
final class Versions {

  private final Set<ModelVersion> open = ConcurrentHashMap.newKeySet();

  /**
   * Opens a version and has it read photos; on failure nothing of it is left.
   *
   * @param stays what messages say of the traffic then, or nothing
   * @throws ModelException when it does not open or cannot read one of the photos
   */
  ModelVersion open(
      String name,
      Supplier<? extends PriceTagRecognizer> models,
      List<ShelfPhoto> warmUp,
      String stays) {
    PriceTagRecognizer recognizer = open(name, models, stays);
    ModelVersion version = new ModelVersion(name, recognizer, open::remove);
    try {
      warmUp.forEach(recognizer::recognize);
    } catch (RuntimeException e) {
      giveUp(version);
      throw refused("warm up", name, stays, e);
    } catch (Error e) {
      giveUp(version);
      throw e;
    }
    open.add(version);
    return version;
  }

  private void giveUp(ModelVersion version) {
    open.add(version);
    version.release();
  }

  private static PriceTagRecognizer open(
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

  int count() {
    return open.size();
  }

  /** Waits until all are closed. */
  void awaitClosed() {
    open.forEach(ModelVersion::awaitClosed);
  }
}
