package io.shelfmark.pipeline;

import io.shelfmark.artifact.VersionRef;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which versions of artifacts and datasets the steps of a run took, and which they gave. Get it
 * from {@link RunRecord#lineage}. The way back, from a version to the step that made it, is the
 * version's producer, {@code run:ID/STEP}.
 *
 * @param run whose it is
 * @param steps those that began or have a result, in the graph's order, the elements of a fan-out
 *     before it
 */
public record RunLineage(RunId run, List<StepLineage> steps) {

  /**
   * The edges at a step.
   *
   * @param step its name; {@code NAME[3]} for the fourth element of a fan-out
   * @param took the versions among its inputs; for a sub-pipeline, those that came from outside it
   * @param gave the versions in its result; what it published but did not return is not among them
   */
  public record StepLineage(String step, List<VersionRef> took, List<VersionRef> gave) {

    /** Copies the lists. */
    public StepLineage {
      Objects.requireNonNull(step, "step");
      took = List.copyOf(took);
      gave = List.copyOf(gave);
    }
  }

  /** Copies the list. */
  public RunLineage {
    Objects.requireNonNull(run, "run");
    steps = List.copyOf(steps);
  }

  /** The edges at the step of a name, if it began or has a result. */
  public Optional<StepLineage> step(String name) {
    return steps.stream().filter(step -> step.step().equals(name)).findFirst();
  }

  /** The versions that the run was given: those that a step took and no step gave. */
  public List<VersionRef> took() {
    Set<VersionRef> taken = new LinkedHashSet<>();
    steps.forEach(step -> taken.addAll(step.took()));
    steps.forEach(step -> step.gave().forEach(taken::remove));
    return List.copyOf(taken);
  }

  /** The versions that any of its steps gave. */
  public List<VersionRef> gave() {
    Set<VersionRef> given = new LinkedHashSet<>();
    steps.forEach(step -> given.addAll(step.gave()));
    return List.copyOf(given);
  }
}
