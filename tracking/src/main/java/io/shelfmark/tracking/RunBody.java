package io.shelfmark.tracking;

/** What is done in a run. See {@link Experiment#run}. */
@FunctionalInterface
public interface RunBody<X extends Exception> {

  /** Does it. The run is closed afterwards. */
  void run(Run run) throws X;

  /** What is done in a run and gives a result. */
  @FunctionalInterface
  interface Giving<T, X extends Exception> {

    /** Does it. The run is closed afterwards. */
    T run(Run run) throws X;
  }
}
