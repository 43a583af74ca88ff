package io.shelfmark.inference.model;

/** Told of each run of a model, on the thread that runs it. */
@FunctionalInterface
public interface RunMeter {

  /**
   * The engine has run.
   *
   * @param items inputs in the batch
   * @param nanos how long it took, in nanoseconds
   */
  void ran(long items, long nanos);
}
