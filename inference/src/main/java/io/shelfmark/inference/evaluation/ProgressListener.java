package io.shelfmark.inference.evaluation;

/** Told after each photo how far an evaluation is; called on the evaluating thread. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * {@code done} of {@code total} photos are read.
   *
   * @param done photos read so far, from 1
   * @param total all photos
   * @param photo the one just read
   */
  void photoRead(int done, int total, LabeledPhoto photo);

  /** Nobody listens. */
  static ProgressListener none() {
    return (done, total, photo) -> {};
  }
}
