package io.shelfmark.pipeline;

/** How far a step of a run is. */
public enum StepState {
  /** Waiting for others, for a free thread or for its next attempt. */
  WAITING,
  /** In an attempt. */
  RUNNING,
  /** Done in this run. */
  SUCCEEDED,
  /** Its result is that of an earlier run with the same inputs. */
  CACHED,
  /** Its condition was false. */
  SKIPPED,
  /** No attempt gave a result. */
  FAILED,
  /** A step that it takes from gave no result. */
  NOT_RUN,
  /** The run ended first. */
  CANCELLED;

  boolean hasResult() {
    return this == SUCCEEDED || this == CACHED || this == SKIPPED;
  }
}
