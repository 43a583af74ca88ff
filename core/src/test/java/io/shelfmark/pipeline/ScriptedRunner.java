package io.shelfmark.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs nothing: runs are on record as going on until a test ends them. Several share their runs, as
 * the processes of a cluster do. Thread-safe.
 */
public final class ScriptedRunner implements PipelineRunner {

  /** What every runner of a cluster knows. Guards itself. */
  private final Map<RunId, RunRecord> runs;

  private final Clock clock;
  private final List<RunId> started;
  private Runnable beforeStart = () -> {};
  private Runnable afterStart = () -> {};

  public ScriptedRunner(Clock clock) {
    this(new LinkedHashMap<>(), new ArrayList<>(), clock);
  }

  private ScriptedRunner(Map<RunId, RunRecord> runs, List<RunId> started, Clock clock) {
    this.runs = runs;
    this.started = started;
    this.clock = clock;
  }

  /** A runner of another process of the same cluster. */
  public ScriptedRunner another() {
    return new ScriptedRunner(runs, started, clock);
  }

  /** What happens at the beginning and at the end of each start. */
  public ScriptedRunner around(Runnable before, Runnable after) {
    beforeStart = before;
    afterStart = after;
    return this;
  }

  /** The runs that were started, in order; one that was asked for twice is in it once. */
  public List<String> started() {
    synchronized (runs) {
      return started.stream().map(RunId::value).toList();
    }
  }

  /** The text that a run's parameter was set to. */
  public String parameter(String run, String parameter) {
    return find(RunId.of(run)).orElseThrow().parameters().getOrDefault(parameter, "");
  }

  /** Ends all runs that go on. */
  public void endAll(RunState state) {
    synchronized (runs) {
      runs.replaceAll((id, run) -> run.state() == RunState.RUNNING ? record(id, run, state) : run);
    }
  }

  private RunRecord record(RunId id, RunRecord run, RunState state) {
    return new RunRecord(
        id,
        run.pipeline(),
        run.graph(),
        state,
        run.startedAt(),
        Optional.of(clock.instant()),
        run.parameters(),
        List.of(),
        Optional.empty());
  }

  @Override
  public void register(Pipeline<?> pipeline) {}

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions options) {
    beforeStart.run();
    RunId id = options.id().orElseThrow();
    Map<String, String> parameters = new LinkedHashMap<>();
    options
        .settings()
        .forEach(
            (name, setting) -> {
              if (pipeline.parameters().stream().noneMatch(p -> p.name().equals(name))) {
                throw new IllegalArgumentException("no parameter " + name);
              }
              parameters.put(name, setting.value().toString());
            });
    synchronized (runs) {
      if (!runs.containsKey(id)) {
        started.add(id);
        runs.put(
            id,
            new RunRecord(
                id,
                pipeline.name(),
                pipeline.graph().digest(),
                RunState.RUNNING,
                clock.instant(),
                Optional.empty(),
                parameters,
                List.of(),
                Optional.empty()));
      }
    }
    afterStart.run();
    return new Started<>(this, id);
  }

  private record Started<T>(ScriptedRunner runner, RunId id) implements PipelineRun<T> {
    @Override
    public RunRecord record() {
      return runner.find(id).orElseThrow();
    }

    @Override
    public T result() {
      throw new UnsupportedOperationException("runs nothing");
    }

    @Override
    public boolean await(Duration limit) {
      return record().state() != RunState.RUNNING;
    }
  }

  @Override
  public List<PipelineRun<?>> resume() {
    return List.of();
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    synchronized (runs) {
      return Optional.ofNullable(runs.get(run));
    }
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    synchronized (runs) {
      return runs.values().stream()
          .filter(run -> run.pipeline().equals(pipeline))
          .sorted(Comparator.comparing(RunRecord::startedAt).reversed())
          .toList();
    }
  }

  @Override
  public String log(RunId run, String step) {
    return "";
  }

  @Override
  public void cancel(RunId run, String reason) {}

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions options) {
    throw new UnsupportedOperationException("runs nothing");
  }

  @Override
  public void close() {}
}
