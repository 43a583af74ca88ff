package io.shelfmark.pipeline.schedule;

/** What becomes of a fire while the run of an earlier one of the same name goes on. */
public enum Overlap {
  /** It is skipped, which its record tells. The default of schedules. */
  SKIP,
  /**
   * It waits for the end of that run. One fire waits at most, the last one: those that waited
   * before it are skipped. The default of triggers.
   */
  QUEUE_ONE,
  /** It starts a run beside the other. */
  ALLOW
}
