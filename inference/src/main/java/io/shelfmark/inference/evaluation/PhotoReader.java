package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfReading;

/** What is evaluated: a recognizer, or another program that is compared with one. */
@FunctionalInterface
public interface PhotoReader {

  /**
   * Reads one photo; this call alone is timed.
   *
   * @throws io.shelfmark.inference.UnreadablePhotoException when the photo cannot be decoded: it
   *     counts as one without any tag
   */
  ShelfReading read(EvaluationPhoto photo);

  /** {@code recognizer}, which sees the photo and not its labels. */
  static PhotoReader of(PriceTagRecognizer recognizer) {
    return photo -> recognizer.recognize(photo.photo());
  }
}
