package io.shelfmark.inference;

import java.util.function.IntSupplier;

/**
 * Told what the stages of a recognizer do, on the threads that do it: it has to be quick and
 * thread-safe, and must not throw. Where nobody observes there is none, and nothing is measured.
 */
interface StageObserver {

  /** A queue of photos has been made, and tells how many wait in it. */
  void opened(IntSupplier queue);

  /** That queue is closed. */
  void closed(IntSupplier queue);

  /** A photo has left the queue to be read. */
  void waited(long nanos);

  /** A photo that was to be queued has no reading; why, as its caller is told. */
  void refused(Throwable why);

  /** A photo is being read from now on. */
  void begun();

  /** A photo has come to its end; the trace is used again after the call. */
  void ended(PhotoTrace photo);

  /**
   * The engine ran a model.
   *
   * @param model its index among those of {@code RecognizerBuilder.models}
   * @param items inputs in the batch
   * @param nanos how long it took
   */
  void ran(int model, long items, long nanos);
}
