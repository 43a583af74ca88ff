package io.shelfmark.pipeline.schedule;

/** What has become of a fire. */
public enum FireState {
  /** Someone is about to start its run; whoever finds it so for long starts it. */
  CLAIMED,
  /** It waits for the end of an earlier run, or for further events to join it. */
  WAITING,
  /** Its run was started. */
  STARTED,
  /** It has no run: the record tells why. */
  SKIPPED,
  /** It is part of another event's run. */
  JOINED,
  /** Its run could not be started and never will be: the record tells why. */
  FAILED;

  /** Whether nothing more becomes of it. */
  public boolean isSettled() {
    return this != CLAIMED && this != WAITING;
  }
}
