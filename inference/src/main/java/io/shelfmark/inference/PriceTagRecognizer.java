package io.shelfmark.inference;

import io.shelfmark.inference.image.ImageNatives;
import io.shelfmark.inference.model.OnnxModel;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the price tags of shelf photos.
 *
 * <pre>{@code
 * try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
 *   ShelfReading reading = recognizer.recognize(ShelfPhoto.read(Path.of("shelf.jpg")));
 *   reading.tags().forEach(tag -> System.out.println(tag.price() + " " + tag.name()));
 * }
 * }</pre>
 *
 * <p>Thread-safe: an application opens one, shares it between all its threads, and closes it at its
 * end. Closing waits for the photos being read, fails those still queued and frees the models'
 * native memory; closing twice is harmless, any other use after it throws {@link
 * IllegalStateException}.
 */
public interface PriceTagRecognizer extends AutoCloseable {

  /**
   * A recognizer with the bundled models and every option at its default.
   *
   * @throws ModelException when a model or the engine's native library cannot be loaded
   */
  static PriceTagRecognizer open() {
    return builder().build();
  }

  /** Options first: currency, models, limits, threads. */
  static RecognizerBuilder builder() {
    return new RecognizerBuilder();
  }

  /**
   * Begins to load the native libraries on threads of their own and returns at once, so that a
   * program that calls this first thing builds its first recognizer sooner: the libraries are most
   * of that time. Safe to call any number of times, from any thread; what goes wrong is told by
   * {@link RecognizerBuilder#build}.
   */
  static void preload() {
    OnnxModel.preloadEngine();
    ImageNatives.preload();
  }

  /**
   * Reads one photo on the calling thread.
   *
   * @return its tags; none when no tag is in sight
   * @throws UnreadablePhotoException when the bytes are not a picture that can be decoded
   * @throws IllegalStateException when this recognizer is closed
   */
  ShelfReading recognize(ShelfPhoto photo);

  /**
   * Reads one photo on the recognizer's own threads. When their queue is full, the caller waits,
   * unless it is one of these threads (a callback).
   *
   * @return the reading; completes exceptionally with what {@link #recognize} throws, or with an
   *     {@link IllegalStateException} when the caller is interrupted or the recognizer closed
   *     meanwhile
   * @throws IllegalStateException when this recognizer is closed
   */
  CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo);

  /**
   * Reads many photos on the recognizer's own threads and waits for them all.
   *
   * @return one outcome per photo, in the order of {@code photos}; a bad photo fails alone, and
   *     when the recognizer is closed meanwhile or the caller interrupted, so do those not yet read
   * @throws IllegalStateException when this recognizer is closed
   */
  List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos);

  /**
   * The engine that the models run on, which may be another than {@link RecognizerBuilder#engine}
   * asked for.
   */
  EngineInUse engine();

  /** Waits for the photos being read, fails those that are queued, and frees the models. */
  @Override
  void close();
}
