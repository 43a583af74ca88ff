package io.shelfmark.pipeline;

import io.shelfmark.storage.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What happened in a run, so far. Get one from {@link PipelineRunner#find} or {@link
 * PipelineRun#record()}.
 *
 * @param id its name
 * @param pipeline the pipeline's name
 * @param graph the digest of the graph that it began with
 * @param state how far it is
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param parameters its parameters' values as JSON
 * @param steps what happened to each step that began or will not, elements of fan-outs among them
 * @param failure why it failed or was cancelled
 */
public record RunRecord(
    RunId id,
    String pipeline,
    Digest graph,
    RunState state,
    Instant startedAt,
    Optional<Instant> endedAt,
    Map<String, String> parameters,
    List<StepRecord> steps,
    Optional<String> failure) {

  /** Copies the collections. */
  public RunRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(graph, "graph");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(endedAt, "endedAt");
    Objects.requireNonNull(failure, "failure");
    parameters = Map.copyOf(parameters);
    steps = List.copyOf(steps);
  }

  /** What happened to the step of a name, if anything did. */
  public Optional<StepRecord> step(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst();
  }

  /**
   * Which versions its steps took and gave.
   *
   * @param of the pipeline that it is a run of, whose wires say what went where
   * @throws IllegalArgumentException when the run began with another graph
   */
  public RunLineage lineage(Pipeline<?> of) {
    if (!of.graph().digest().equals(graph)) {
      throw new IllegalArgumentException(
          "Cannot tell the lineage of run %s: found %s with graph %s, expected graph %s that it began with"
              .formatted(id, of, of.graph().digest(), graph));
    }
    return new LineageWalk(of, this).walk();
  }
}
