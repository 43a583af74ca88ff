package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.ShelfPhoto;
import java.util.Objects;

/**
 * A photo as a {@link PhotoReader} gets it: encoded, in its natural proportions, with its labels.
 * Immutable.
 */
public final class EvaluationPhoto {

  private final LabeledPhoto labels;
  private final byte[] encoded;
  private final ShelfPhoto photo;

  EvaluationPhoto(LabeledPhoto labels, byte[] encoded) {
    this.labels = Objects.requireNonNull(labels, "labels");
    this.encoded = encoded;
    this.photo = ShelfPhoto.of(labels.file(), encoded);
  }

  /** The truth, for readers that are told where to look. */
  public LabeledPhoto labels() {
    return labels;
  }

  /** The photo as a recognizer takes it; named as in the labels. */
  public ShelfPhoto photo() {
    return photo;
  }

  /** A copy of the encoded picture: the file's own bytes, or BMP when the file was stretched. */
  public byte[] encoded() {
    return encoded.clone();
  }
}
