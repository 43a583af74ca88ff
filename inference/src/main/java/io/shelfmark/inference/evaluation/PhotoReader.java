package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfReading;
import java.util.List;

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

  /**
   * For photos that models were trained on: each is read by the recognizer whose models were
   * trained without the photo's fold, so that no model is asked what it was taught. A group of
   * photos lies in one fold: the first 32 bits of its name's SHA-256, modulo the number of folds,
   * as inference/training splits it.
   *
   * @param withoutFold one recognizer for each fold, in order; the caller closes them
   */
  static PhotoReader outOfFold(List<? extends PriceTagRecognizer> withoutFold) {
    List<PriceTagRecognizer> recognizers = List.copyOf(withoutFold);
    if (recognizers.size() < 2) {
      throw new IllegalArgumentException(
          "Cannot read out of fold: found %d recognizers, expected one for each of 2 folds or more"
              .formatted(recognizers.size()));
    }
    return photo ->
        recognizers.get(Folds.of(photo.labels(), recognizers.size())).recognize(photo.photo());
  }
}
