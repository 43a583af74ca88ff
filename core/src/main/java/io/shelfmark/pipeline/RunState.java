package io.shelfmark.pipeline;

/** How far a run is. */
public enum RunState {
  /** Going on, or left by a process that ended: {@link PipelineRunner#resume()} takes it on. */
  RUNNING,
  /** Every step has a result. */
  SUCCEEDED,
  /** A step has none, or the deadline passed. */
  FAILED,
  /** Someone cancelled it. */
  CANCELLED
}
