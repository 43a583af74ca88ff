package io.shelfmark.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run would do, and why: a dry run.
 *
 * @param pipeline the pipeline's name
 * @param steps in the order of the graph
 * @param waiting unfinished runs of the pipeline that began with a graph which is not registered:
 *     they wait for a process that has it
 */
public record Explanation(String pipeline, List<StepPlan> steps, List<RunId> waiting) {

  /** What would become of a step. */
  public enum Plan {
    /** It would run. */
    RUN,
    /** Its result is there. */
    CACHED,
    /** Its condition is false. */
    SKIP,
    /** It depends on the results of steps that would run first. */
    DEPENDS
  }

  /**
   * A step.
   *
   * @param name as in the graph
   * @param plan what would become of it
   * @param reason why, such as {@code input photos changed}
   */
  public record StepPlan(String name, Plan plan, String reason) {}

  /** Copies the lists. */
  public Explanation {
    steps = List.copyOf(steps);
    waiting = List.copyOf(waiting);
  }

  /** Without runs that wait. */
  public Explanation(String pipeline, List<StepPlan> steps) {
    this(pipeline, steps, List.of());
  }

  /** The same, with runs that wait. */
  public Explanation waiting(List<RunId> runs) {
    return new Explanation(pipeline, steps, runs);
  }

  /** The step of a name, if the pipeline has it. */
  public Optional<StepPlan> step(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst();
  }

  /** A line for each step, then for each run that waits. */
  @Override
  public String toString() {
    return Stream.concat(
            steps.stream().map(step -> step.name() + ": " + step.plan() + ", " + step.reason()),
            waiting.stream()
                .map(run -> "run " + run + " waits for a process that has the graph it began with"))
        .collect(Collectors.joining("\n"));
  }
}
