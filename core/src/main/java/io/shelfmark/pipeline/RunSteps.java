package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The steps of one run, whose records are the runner's. For those who write a {@link
 * PipelineRunner}, not for hosts. Get it from {@link StepWorker#steps}. Thread-safe.
 */
public final class RunSteps {

  private final Workbench bench;
  private final Pipeline<?> pipeline;
  private final RunEvent.RunStarted start;
  private final Set<Node> anew;
  private final Recall recall;

  /** What the runner has on record. */
  public interface Known {
    /** How a step of this run ended; asked for those that a step takes from. */
    Fate.Ended step(String name);

    /** The result of a step in the run that this one repeats; asked only when there is one. */
    Optional<StepResult> earlier(String name);
  }

  /**
   * Hears what comes of an attempt, from the thread that does it or from the timer: of its start,
   * then of a failure that is called again after a wait, or of the end. A failure that is not
   * called again is told first, then the step's end. A cached result is told without a start. What
   * an abandoned attempt gives is not told.
   */
  public interface Report {
    /** Its code is called next. */
    void started(RunEvent.AttemptStarted event);

    /** What it logged is in a file, which may be moved; told before what ended it. */
    void logged(int attempt, Path log);

    /** It gave nothing. */
    void failed(RunEvent.AttemptFailed event);

    /** The step, or element, is settled once this is on record. */
    void ended(RunEvent.StepEnded event);
  }

  /** One call of a step's code, which is yet to be done. */
  public interface Attempt {
    /** Does it, on this thread, unless it was abandoned. */
    void run();

    /** Interrupts it; whatever it gives counts for nothing. */
    void abandon();
  }

  RunSteps(Workbench bench, Pipeline<?> pipeline, RunEvent.RunStarted start) {
    this.bench = bench;
    this.pipeline = pipeline;
    this.start = start;
    this.recall = new Recall(bench.values());
    this.anew =
        start.rerun().map(rerun -> Downstream.of(pipeline.graph(), rerun.step())).orElse(Set.of());
  }

  /**
   * Decides what becomes of a step, once all that it takes from is settled.
   *
   * @throws IllegalStateException when a result on record cannot be read, and the run cannot go on
   * @throws io.shelfmark.storage.StorageException when the store is away
   */
  public Fate decide(String step, Known known) {
    Node node = node(step);
    return Fate.of(
        node,
        settled(node.conditions(), known),
        settled(node.inputs(), known),
        recall,
        () -> earlier(node, known));
  }

  private Optional<StepResult> earlier(Node node, Known known) {
    if (start.rerun().isEmpty() || anew.contains(node)) {
      return Optional.empty();
    }
    RunId earlier = start.rerun().get().run();
    return known.earlier(node.id()).map(result -> result.madeBy(earlier));
  }

  private List<Settled> settled(List<Source> sources, Known known) {
    return sources.stream().map(source -> settled(source, known)).toList();
  }

  private Settled settled(Source source, Known known) {
    if (source instanceof FromStep from) {
      Fate.Ended end = known.step(from.node().id());
      return recall.step(from.node(), end.state(), end.result());
    }
    Parameter<?> parameter = ((FromParameter) source).parameter();
    return recall.parameter(parameter, start.parameters().get(parameter.name()));
  }

  private Node node(String step) {
    return pipeline
        .graph()
        .node(step)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot do step %s of %s: found %s, expected one of them"
                        .formatted(step, pipeline, pipeline.graph().steps())));
  }

  /**
   * The call for one element of a fan-out.
   *
   * @param element what {@link Fate.Each#element} gave for that place
   */
  public Fate.Call element(String step, int place, StepResult element, Known known) {
    Node node = node(step);
    Settled value = recall.read(step, node.elementType(), StepState.SUCCEEDED, element);
    List<Source> others = node.inputs().subList(1, node.inputs().size());
    return new Fate.Call(Task.element(node, place, value, settled(others, known)));
  }

  /**
   * How a fan-out ends whose elements cannot be put together, so that a runner need not read them;
   * nothing when {@link #gather} is to be asked.
   *
   * @param elements how many there are
   * @param results how many of them have a result
   * @param characters of the JSON of all results
   */
  public Optional<Fate.Ended> ungathered(long elements, long results, long characters) {
    return Fate.ungathered(elements, results, characters);
  }

  /** What the elements of a fan-out are together, in order. */
  public Fate.Ended gather(List<Fate.Ended> elements) {
    return Fate.gathered(elements);
  }

  /**
   * An attempt at a call.
   *
   * @param number of it, from 1
   * @param failures attempts before it that gave nothing; those whose process died are not counted
   */
  public Attempt attempt(Fate.Call call, int number, int failures, Report report) {
    Objects.requireNonNull(report, "report");
    return new ReportedAttempt(
        bench,
        start.run(),
        call.task(),
        number,
        failures,
        anew.contains(call.task().node()),
        report);
  }
}
