package io.shelfmark.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run would do, and why: a dry run.
 *
 * @param pipeline the pipeline's name
 * @param steps in the order of the graph
 */
public record Explanation(String pipeline, List<StepPlan> steps) {

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

  /** Copies the list. */
  public Explanation {
    steps = List.copyOf(steps);
  }

  /** The step of a name, if the pipeline has it. */
  public Optional<StepPlan> step(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst();
  }

  /** A line for each step. */
  @Override
  public String toString() {
    return steps.stream()
        .map(step -> step.name() + ": " + step.plan() + ", " + step.reason())
        .collect(Collectors.joining("\n"));
  }
}
