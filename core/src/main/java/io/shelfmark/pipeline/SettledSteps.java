package io.shelfmark.pipeline;

import java.util.Optional;

/**
 * What is on record of the steps of a run that an orchestrator leads. Sub-pipelines are on record
 * as their steps alone. Thread-safe.
 *
 * @param runs where records are
 * @param steps of the run
 * @param pipeline whose run it is
 * @param run its id
 */
record SettledSteps(OrchestratedRuns runs, RunSteps steps, Pipeline<?> pipeline, RunId run)
    implements RunSteps.Known {

  /** A step that takes from one that is not settled yet. */
  static final class TooEarlyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooEarlyException(String step) {
      super("found no result of step %s, expected it before (do it first)".formatted(step));
    }
  }

  @Override
  public Fate.Ended step(String name) {
    boolean isSubPipeline = pipeline.graph().node(name).filter(Node::isSubPipeline).isPresent();
    if (isSubPipeline && steps.decide(name, this) instanceof Fate.Ended end) {
      return end;
    }
    return runs.step(run, name)
        .map(end -> new Fate.Ended(end.state(), end.result(), end.failure()))
        .orElseThrow(() -> new TooEarlyException(name));
  }

  /** No run is repeated. */
  @Override
  public Optional<StepResult> earlier(String name) {
    return Optional.empty();
  }
}
