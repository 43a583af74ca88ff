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
   * @param stays what messages say becomes of the traffic then
   * @throws ModelException when it does not open or cannot read one of the photos
   */
  ModelVersion open(
      String name,
      Supplier<? extends PriceTagRecognizer> models,
      List<ShelfPhoto> warmUp,
      String stays) {
    PriceTagRecognizer recognizer = open(name, models, stays);
    ModelVersion version = new ModelVersion(name, recognizer, open::remove);
    open.add(version);
    try {
      warmUp.forEach(recognizer::recognize);
    } catch (RuntimeException e) {
      version.release();
      throw refused(name, e, "expected them to read the warm-up photos", stays);
    } catch (Error e) {
      version.release();
      throw e;
    }
    return version;
  }

  private static PriceTagRecognizer open(
      String name, Supplier<? extends PriceTagRecognizer> models, String stays) {
    try {
      return Objects.requireNonNull(models.get(), "models");
    } catch (RuntimeException e) {
      throw refused(name, e, "expected them to open", stays);
    }
  }

  private static ModelException refused(
      String name, RuntimeException cause, String expected, String stays) {
    return new ModelException(
        "Cannot use models %s: found %s, %s (%s)"
            .formatted(name, cause.getMessage(), expected, stays),
        cause);
  }

  int count() {
    return open.size();
  }

  /** Waits until all are closed. */
  void awaitClosed() {
    open.forEach(ModelVersion::awaitClosed);
  }
}
