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
 * end. Closing takes no more photos, waits for those that were taken and frees the models' native
 * memory; closing twice is harmless, any other use after it throws {@link IllegalStateException}.
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
  default ShelfReading recognize(ShelfPhoto photo) {
    return recognize(photo, ReadOptions.interactive());
  }

  /**
   * Reads one photo and waits for it. Without a deadline it is read on the calling thread, with one
   * on the recognizer's own threads, so that the caller can leave in time.
   *
   * @return its tags; none when no tag is in sight
   * @throws UnreadablePhotoException when the bytes are not a picture that can be decoded
   * @throws DeadlineException when the deadline passes first
   * @throws OverloadException when there is no room before those threads and {@link
   *     RecognizerBuilder#whenFull} says not to wait
   * @throws IllegalStateException when this recognizer is closed, or the caller interrupted while
   *     another thread reads
   */
  ShelfReading recognize(ShelfPhoto photo, ReadOptions options);

  /**
   * Reads one photo on the recognizer's own threads, as {@link ReadOptions#interactive}. When their
   * queue is full, the caller waits or the photo is refused, see {@link
   * RecognizerBuilder#whenFull}; one of these threads (a callback) never waits.
   *
   * <p>The future is completed by one of these threads: what takes long afterwards belongs on
   * another one ({@code thenApplyAsync}). Cancelling it gives up the photo's place in the queue.
   *
   * @return the reading; completes exceptionally with what {@link #recognize} throws, with an
   *     {@link OverloadException}, or with an {@link IllegalStateException} when the caller is
   *     interrupted meanwhile
   * @throws IllegalStateException when this recognizer is closed
   */
  default CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo) {
    return recognizeAsync(photo, ReadOptions.interactive());
  }

  /**
   * The same with options; with a deadline it may also complete with a {@link DeadlineException}.
   *
   * @throws IllegalStateException when this recognizer is closed
   */
  CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options);

  /**
   * Reads many photos on the recognizer's own threads, as {@link ReadOptions#bulk}, and waits for
   * them all, for room in the queue too.
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

  /** Takes no more photos, waits for those that were taken, and frees the models. */
  @Override
  void close();
}
