package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.List;

/** A run that was started. Get one from a {@link PipelineRunner}. Thread-safe. */
public interface PipelineRun<T> {

  /** Its name. */
  RunId id();

  /** What has happened so far. */
  RunRecord record();

  /** What has happened so far to its steps. */
  default List<StepRecord> steps() {
    return record().steps();
  }

  /**
   * Waits for the result of the pipeline's last step.
   *
   * @throws RunFailedException when the run failed or was cancelled
   * @throws IllegalStateException when its runner was closed; it can be resumed
   */
  T result();

  /**
   * Waits for its end, whatever it is.
   *
   * @return whether it has ended in that time
   */
  boolean await(Duration limit);
}
