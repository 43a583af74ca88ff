package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.StepWorker.Kind;
import io.shelfmark.storage.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does single steps of runs that an orchestrator such as Airflow or Argo leads, each in a process
 * of its own, on any machine that reaches the workspace's store: {@code
 * OrchestratedRunner.in(workspace).open()}. Thread-safe; who opened it closes it, before the
 * workspace.
 *
 * <p>What a run begins with and what its steps gave lies in the store. A step's result is committed
 * by one conditional write: of two processes that do it at once one wins, and the other takes the
 * winner's result. A step that is on record is not called again, so a call may be repeated at any
 * time. A call makes one attempt at each call of the step's code; when to try again is the
 * orchestrator's to decide.
 *
 * <p>Versions that steps gave are kept until {@link #end}, or until the run is older than 30 days.
 */
public final class OrchestratedRunner implements AutoCloseable {

  /** The exit code of a step whose condition was false: what Airflow takes for skipped. */
  public static final int SKIPPED = 99;

  /** The exit code of a failure that is not worth another attempt. */
  public static final int FAILED_FOR_GOOD = 2;

  static final int FAILED = 1;

  private static final long LOG_LIMIT = 8L << 20;

  private final OrchestratedRuns runs;
  private final StepWorker worker;
  private final StepProcess process;
  private final ScheduledExecutorService timer;
  private final Duration keptFor;

  /**
   * What came of a call.
   *
   * @param state of the step
   * @param exitCode what a process ends with: 0 when it has a result, {@link #SKIPPED} when it was
   *     skipped, 1 when it may be tried again, {@link #FAILED_FOR_GOOD} when not
   * @param failure why it has no result
   */
  public record Outcome(StepState state, int exitCode, Optional<String> failure) {
    /** Checks that everything is there. */
    public Outcome {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(failure, "failure");
    }
  }

  /**
   * Options, each at its default: elements of a fan-out as many at once as there are processors, no
   * secrets, no listeners, what steps log to nobody, runs kept for 30 days. Not thread-safe.
   */
  public static final class Builder {
    private final Workspace workspace;
    private final List<RunEvent.Listener> listeners = new ArrayList<>();
    private int parallelism = Runtime.getRuntime().availableProcessors();
    private Function<String, Optional<String>> secrets = name -> Optional.empty();
    private Consumer<String> log = line -> {};
    private Duration keptFor = Duration.ofDays(30);

    private Builder(Workspace workspace) {
      this.workspace = Objects.requireNonNull(workspace, "workspace");
    }

    /** How many elements of a fan-out are done at once. */
    public Builder parallelism(int elements) {
      if (elements < 1) {
        throw new IllegalArgumentException(
            "Cannot do %d elements at once: expected 1 or more".formatted(elements));
      }
      parallelism = elements;
      return this;
    }

    /** Where secrets come from, by name. */
    public Builder secrets(Function<String, Optional<String>> source) {
      secrets = Objects.requireNonNull(source, "source");
      return this;
    }

    /** Hears of what happens in this process. */
    public Builder listener(RunEvent.Listener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Where the lines go that steps log, soon after they are logged. */
    public Builder log(Consumer<String> lines) {
      log = Objects.requireNonNull(lines, "lines");
      return this;
    }

    /** How long runs that are not ended are kept, and the versions that their steps gave. */
    public Builder keepRuns(Duration age) {
      keptFor = Objects.requireNonNull(age, "age");
      return this;
    }

    /** Opens it. */
    public OrchestratedRunner open() {
      return new OrchestratedRunner(this);
    }
  }

  private OrchestratedRunner(Builder options) {
    Workspace workspace = options.workspace;
    runs = new OrchestratedRuns(workspace);
    keptFor = options.keptFor;
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "shelfmark-step-timer");
              thread.setDaemon(true);
              return thread;
            });
    // a folder of its own: another process may be at the same step
    StepFolder folder = StepFolder.in(workspace.home().resolve("orchestrated"));
    worker =
        StepWorker.in(
            workspace,
            new StepWorker.Options(
                folder.path(), options.secrets, LOG_LIMIT, timer, options.listeners));
    process = new StepProcess(runs, worker, timer, folder, options.parallelism, options.log);
    worker.follow(runs::outline);
  }

  /** Begins with the workspace whose store has the runs. */
  public static Builder in(Workspace workspace) {
    return new Builder(workspace);
  }

  /**
   * The run that an orchestrator has a name for that is no {@link RunId}: the same for the same
   * name.
   */
  public static RunId runId(String name) {
    try {
      return RunId.of(name);
    } catch (IllegalArgumentException e) {
      String hash = Digest.of(name.getBytes(UTF_8)).hex();
      String spelled = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
      return RunId.of(
          (spelled.length() > 60 ? spelled.substring(0, 60) : spelled.isEmpty() ? "run" : spelled)
              + "-"
              + hash.substring(0, 16));
    }
  }

  /**
   * Does a step, unless it is on record, and waits for it. When the calling thread is interrupted,
   * the step is too.
   *
   * @param options the run's id, which must be there, and its parameters' values: the same for each
   *     of its steps; no step begins after a deadline, which counts from the first one
   * @throws IllegalArgumentException when the step is not there, the options have no id, or the run
   *     began with another graph or other parameters
   * @throws io.shelfmark.storage.StorageException when the store cannot be used
   */
  public Outcome run(Pipeline<?> pipeline, String step, RunOptions options) {
    if (options.id().isEmpty() || options.rerun().isPresent()) {
      throw new IllegalArgumentException(
          "Cannot do step %s of %s: expected the id of a run, and no run that it repeats"
              .formatted(step, pipeline));
    }
    requireStep(pipeline, step);
    worker.registered(pipeline);
    RunEvent.RunStarted mine = worker.start(pipeline, options, runs.now());
    RunEvent.RunStarted start = runs.begin(mine);
    if (start.equals(mine)) {
      worker.tell(start);
    }
    requireSame(mine, start);
    if (start.deadline().filter(runs.now()::isAfter).isPresent()) {
      return new Outcome(
          StepState.FAILED,
          FAILED_FOR_GOOD,
          Optional.of("the deadline of run %s has passed".formatted(start.run())));
    }
    return process.perform(worker.steps(pipeline, start), pipeline, start, step);
  }

  private static void requireStep(Pipeline<?> pipeline, String step) {
    boolean isThere =
        StepWorker.shapes(pipeline).stream()
            .anyMatch(shape -> shape.name().equals(step) && shape.kind() != Kind.SUB_PIPELINE);
    if (!isThere) {
      throw new IllegalArgumentException(
          "Cannot do step %s of %s: found %s, expected one of them"
              .formatted(
                  step,
                  pipeline,
                  ExportedStep.of(pipeline).stream().map(ExportedStep::id).toList()));
    }
  }

  private static void requireSame(RunEvent.RunStarted mine, RunEvent.RunStarted start) {
    if (!mine.pipeline().equals(start.pipeline()) || !mine.graph().equals(start.graph())) {
      throw new IllegalArgumentException(
          "Cannot go on with run %s: found that it began with pipeline %s and graph %s, expected %s and %s (let all its tasks have one build)"
              .formatted(
                  start.run(), start.pipeline(), start.graph(), mine.pipeline(), mine.graph()));
    }
    if (!mine.parameters().equals(start.parameters())) {
      throw new IllegalArgumentException(
          "Cannot go on with run %s: found that it began with %s, expected %s (give all its tasks the same)"
              .formatted(start.run(), start.parameters(), mine.parameters()));
    }
  }

  /**
   * The run is over: the versions that its steps gave are no longer kept for it, and runs that are
   * too old are forgotten. What it did stays on record. May be called twice.
   */
  public void end(Pipeline<?> pipeline, RunId run) {
    runs.end(pipeline, run).ifPresent(worker::tell);
    runs.forgetOlderThan(keptFor);
  }

  /** What is on record of a run. */
  public Optional<RunRecord> find(RunId run) {
    return runs.record(run);
  }

  /**
   * Does what a process is called to do by a file of {@link AirflowDag} or {@link ArgoWorkflow}.
   * Failures are told on the error output.
   *
   * @param pipelines those that the host has
   * @param arguments {@code run-step --pipeline NAME --run NAME --step NAME} with {@code
   *     --parameters JSON}, {@code --set NAME=VALUE} or {@code --exit-when-skipped CODE}; {@code
   *     --end} in the place of the step
   * @return what the process ends with
   */
  public int perform(List<Pipeline<?>> pipelines, String... arguments) {
    return StepArguments.perform(this, pipelines, List.of(arguments));
  }

  @Override
  public void close() {
    process.close();
    timer.shutdownNow();
    worker.close();
  }
}
