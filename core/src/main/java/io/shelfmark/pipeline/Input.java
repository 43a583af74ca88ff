package io.shelfmark.pipeline;

/**
 * What a step can take: another {@link Step}'s result, or a {@link Parameter} of the run. Immutable
 * and thread-safe.
 */
public sealed interface Input<T> permits Step, Parameter {

  /** Its name, unlike every other's of the pipeline. */
  String name();

  /** The type of what it gives. */
  ResultType<T> type();
}
