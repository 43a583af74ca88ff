package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/**
 * What every runner does alike, wherever its records are: it reads settings, decides what becomes
 * of a step, does it, and turns records into values. For those who write a {@link PipelineRunner},
 * not for hosts. Get one from {@link #in}. Thread-safe; the runner closes it.
 *
 * <p>A runner starts a run with {@link #start}, and asks {@link #steps} of it about each step whose
 * sources are settled. What the steps give is the runner's to put on record, and so is the order.
 */
public final class StepWorker implements AutoCloseable {

  private final Workbench bench;
  private final Listeners listeners;

  /**
   * What a worker needs.
   *
   * @param folder of this machine, where logs are written and steps have their work folders
   * @param secrets by name
   * @param logLimit bytes of one attempt's log; beyond it, the last 64 KiB are kept
   * @param timer of time limits, which the runner closes
   * @param listeners who hear of what is told
   */
  public record Options(
      Path folder,
      Function<String, Optional<String>> secrets,
      long logLimit,
      ScheduledExecutorService timer,
      List<RunEvent.Listener> listeners) {

    /** Checks that everything is there. */
    public Options {
      Objects.requireNonNull(folder, "folder");
      Objects.requireNonNull(secrets, "secrets");
      Objects.requireNonNull(timer, "timer");
      listeners = List.copyOf(listeners);
    }
  }

  /** What a step is to its runner. */
  public enum Kind {
    /** Its code is called once. */
    CALL,
    /** Its code is called for each element of a list. */
    FAN_OUT,
    /** It has the result of another step, and no code. */
    SUB_PIPELINE
  }

  /**
   * A step of a graph.
   *
   * @param name as in {@link PipelineGraph#steps()}
   * @param queue the label of the workers that it needs
   * @param kind what there is to do
   * @param from the steps that it takes from, conditions among them, each once
   */
  public record Shape(String name, String queue, Kind kind, List<String> from) {
    /** Copies the list. */
    public Shape {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(queue, "queue");
      Objects.requireNonNull(kind, "kind");
      from = List.copyOf(from);
    }
  }

  private StepWorker(Workbench bench, Listeners listeners) {
    this.bench = bench;
    this.listeners = listeners;
  }

  /** A worker on a workspace, whose store has artifacts and cached results. */
  public static StepWorker in(Workspace workspace, Options options) {
    return new StepWorker(
        Workbench.in(
            workspace, options.timer(), options.secrets(), options.folder(), options.logLimit()),
        new Listeners(options.listeners()));
  }

  /** The steps of a pipeline, in an order in which each comes after those that it takes from. */
  public static List<Shape> shapes(Pipeline<?> pipeline) {
    return pipeline.graph().nodes().stream()
        .map(
            node ->
                new Shape(
                    node.id(),
                    node.spec().queue(),
                    node.isFanOut()
                        ? Kind.FAN_OUT
                        : node.isSubPipeline() ? Kind.SUB_PIPELINE : Kind.CALL,
                    node.from().stream().map(Node::id).toList()))
        .toList();
  }

  /**
   * What a run begins with: its id, its parameters' values, its deadline.
   *
   * @param now when it begins
   * @throws IllegalArgumentException when the options name a parameter or step that is not there,
   *     or a value of another type
   */
  public RunEvent.RunStarted start(Pipeline<?> pipeline, RunOptions options, Instant now) {
    return new Settings(bench.values()).start(pipeline, options, now);
  }

  /** The steps of a run of a pipeline. */
  public RunSteps steps(Pipeline<?> pipeline, RunEvent.RunStarted start) {
    return new RunSteps(bench, pipeline, start);
  }

  /**
   * The result of a run on record.
   *
   * @throws RunFailedException when it has none
   */
  public <T> T result(Pipeline<T> pipeline, RunRecord record) {
    return new EndedRun<>(bench.values(), pipeline, record).result();
  }

  /** What {@link PipelineRunner#explain} gives; earlier runs are found by the function. */
  public Explanation explain(
      Pipeline<?> pipeline, RunOptions options, Function<RunId, Optional<RunRecord>> find) {
    return Explainer.explain(bench, pipeline, options, find);
  }

  /** Listeners that look at runs begun elsewhere do so by the runner's records. */
  public void follow(Function<RunId, Optional<RunRecord>> find) {
    listeners.follow(bench.workspace(), find);
  }

  /** Listeners that look into pipelines know this one; call it for each that is registered. */
  public void registered(Pipeline<?> pipeline) {
    listeners.registered(pipeline);
  }

  /** Tells the listeners, in order, on a thread of their own; call it once it is on record. */
  public void tell(RunEvent event) {
    listeners.tell(event);
  }

  /** An ended run no longer keeps the versions that its steps gave from being collected. */
  public void release(RunRecord ended) {
    bench.release(ended);
  }

  /** An attempt whose result counts for nothing keeps its versions no longer. */
  public void release(RunId run, String step, int attempt) {
    bench.results().release(run, step, attempt);
  }

  /** What has happened is told first. */
  @Override
  public void close() {
    listeners.close();
  }
}
