package io.shelfmark.tracking.store;

/** How far a run is. */
public enum RunStatus {
  /** At work. */
  RUNNING,
  /** Waits to be started. */
  SCHEDULED,
  /** Ended as it should. */
  FINISHED,
  /** Ended by a failure. */
  FAILED,
  /** Ended from outside, or its process died. */
  KILLED;

  /** Whether nothing more is expected of the run. */
  public boolean isTerminal() {
    return this == FINISHED || this == FAILED || this == KILLED;
  }
}
