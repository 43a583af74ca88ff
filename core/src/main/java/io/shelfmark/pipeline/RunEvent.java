package io.shelfmark.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened in a run: what listeners hear, and what the journal keeps. A listener
 * hears of it once it is on record.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.RunStarted.class, name = "run-started"),
  @JsonSubTypes.Type(value = RunEvent.AttemptStarted.class, name = "attempt-started"),
  @JsonSubTypes.Type(value = RunEvent.AttemptFailed.class, name = "attempt-failed"),
  @JsonSubTypes.Type(value = RunEvent.StepEnded.class, name = "step-ended"),
  @JsonSubTypes.Type(value = RunEvent.RunEnded.class, name = "run-ended")
})
public sealed interface RunEvent {

  /** In which run. */
  RunId run();

  /** When, by the workspace's clock; on a cluster, by that of its database. */
  Instant at();

  /**
   * Hears of events, in order, on one thread of the runner. What it throws is logged. It must not
   * close the runner.
   */
  @FunctionalInterface
  interface Listener {
    /** Takes one. */
    void happened(RunEvent event);
  }

  /**
   * A run began.
   *
   * @param run its id
   * @param at when
   * @param pipeline the pipeline's name
   * @param graph the graph's digest
   * @param parameters all values as JSON
   * @param deadline when it fails unless it has ended
   * @param rerun the run, and the step of it, that it repeats from
   */
  record RunStarted(
      RunId run,
      Instant at,
      String pipeline,
      Digest graph,
      Map<String, String> parameters,
      Optional<Instant> deadline,
      Optional<Rerun> rerun)
      implements RunEvent {}

  /**
   * Where a run takes results from.
   *
   * @param run the earlier run
   * @param step the first step that is done anew
   */
  record Rerun(RunId run, String step) {}

  /**
   * An attempt began.
   *
   * @param run in which run
   * @param at when
   * @param step of which step
   * @param attempt from 1
   */
  record AttemptStarted(RunId run, Instant at, String step, int attempt) implements RunEvent {}

  /**
   * An attempt gave no result.
   *
   * @param run in which run
   * @param at when
   * @param step of which step
   * @param attempt from 1
   * @param failure why
   * @param nextIn the wait before the next one; empty when there is none
   */
  record AttemptFailed(
      RunId run, Instant at, String step, int attempt, String failure, Optional<Duration> nextIn)
      implements RunEvent {}

  /**
   * A step is settled.
   *
   * @param run in which run
   * @param at when
   * @param step which step
   * @param state how it ended
   * @param result what it gave
   * @param failure why it gave nothing
   */
  record StepEnded(
      RunId run,
      Instant at,
      String step,
      StepState state,
      Optional<StepResult> result,
      Optional<String> failure)
      implements RunEvent {}

  /**
   * A run is settled.
   *
   * @param run its id
   * @param at when
   * @param state how it ended
   * @param failure why it did not succeed
   */
  record RunEnded(RunId run, Instant at, RunState state, Optional<String> failure)
      implements RunEvent {}
}
