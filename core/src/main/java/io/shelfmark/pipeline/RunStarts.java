package io.shelfmark.pipeline;

import io.shelfmark.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins runs, and goes on with those that an ended process left. Whether an id is new is decided,
 * and the run put among those that go on, under the lock of {@link HomeRuns}. Thread-safe.
 */
final class RunStarts {

  private static final Logger LOG = LoggerFactory.getLogger(RunStarts.class);

  private final Engine engine;
  private final HomeRuns runs;
  private final Records records;
  private final RunEndings endings;

  RunStarts(Engine engine, HomeRuns runs, Records records, RunEndings endings) {
    this.engine = engine;
    this.runs = runs;
    this.records = records;
    this.endings = endings;
  }

  /** Begins a run, or gives that of its id, which may have ended; it is on record then. */
  <T> PipelineRun<T> start(Pipeline<T> pipeline, RunEvent.RunStarted start) {
    RunId id = start.run();
    Optional<PipelineRun<T>> present;
    Optional<Execution<T>> created = Optional.empty();
    synchronized (runs) {
      runs.awaitRemovals(start);
      runs.requireOpen();
      present = present(id, pipeline);
      if (present.isEmpty()) {
        created = Optional.of(begun(pipeline, start));
        runs.takeOn(created.get());
      }
    }
    created.ifPresent(run -> engine.happened(start, Journal.Wait.FOR_DISK, event -> begin(run)));
    PipelineRun<T> run = present.orElseGet(created::orElseThrow);
    if (run instanceof Execution<T> execution) {
      execution.awaitBegin(); // another caller's start may not be on record yet
    }
    return run;
  }

  private void begin(Execution<?> run) {
    try {
      records.begins(run.id());
    } catch (StorageException e) {
      run.stop(RunState.FAILED, AttemptContext.line(e));
    }
    run.begin();
  }

  private <T> Execution<T> begun(Pipeline<T> pipeline, RunEvent.RunStarted start) {
    Optional<RunRecord> earlier = earlier(start);
    if (start.rerun().isPresent() && earlier.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot rerun %s: found no such run, expected one on record (old runs are removed; see LocalRunnerBuilder.retention)"
              .formatted(start.rerun().get().run()));
    }
    return new Execution<>(engine, pipeline, new Ledger(start), earlier, endings::ended);
  }

  /** The run that one repeats. */
  private Optional<RunRecord> earlier(RunEvent.RunStarted start) {
    return start.rerun().flatMap(rerun -> runs.find(rerun.run()));
  }

  @SuppressWarnings("unchecked") // a run of the same graph has a result of the same type
  private <T> Optional<PipelineRun<T>> present(RunId id, Pipeline<T> pipeline) {
    // looked at once: it may end at any time
    Optional<Execution<?>> running = runs.active(id);
    Optional<RunRecord> record = running.map(Execution::record).or(() -> runs.find(id));
    if (record.isEmpty()) {
      return Optional.empty();
    }
    if (!record.get().graph().equals(pipeline.graph().digest())) {
      throw new IllegalArgumentException(
          "Cannot start run %s of %s: found it on record with another graph, expected a new id or the same pipeline"
              .formatted(id, pipeline));
    }
    if (running.isPresent()) {
      return running.map(run -> (PipelineRun<T>) run);
    }
    Optional<Ledger> unfinished = runs.left().waiting(id);
    return Optional.of(
        unfinished.isPresent()
            ? resume(pipeline, unfinished.get())
            : new EndedRun<>(engine.bench().values(), pipeline, record.get()));
  }

  /** Goes on with those that an ended process left, and whose graph is registered. */
  List<PipelineRun<?>> resume(Registered registered) {
    synchronized (runs) {
      runs.requireOpen();
      List<PipelineRun<?>> resumed = new ArrayList<>();
      for (Ledger ledger : runs.left().waiting()) {
        RunEvent.RunStarted start = ledger.start();
        Optional<Pipeline<?>> pipeline = registered.find(start);
        if (pipeline.isPresent()) {
          resumed.add(resume(pipeline.get(), ledger));
        } else {
          LOG.info(
              "Run {} of pipeline {} waits for a process that has its graph {}; here are {}",
              start.run(),
              start.pipeline(),
              start.graph(),
              registered.graphs(start.pipeline()));
        }
      }
      return resumed;
    }
  }

  private <T> Execution<T> resume(Pipeline<T> pipeline, Ledger ledger) {
    Optional<RunRecord> earlier = earlier(ledger.start());
    if (ledger.start().rerun().isPresent() && earlier.isEmpty()) {
      LOG.warn(
          "Run {} repeats from run {}, which is gone; what it would take from there is done anew",
          ledger.start().run(),
          ledger.start().rerun().get().run());
    }
    Execution<T> execution = new Execution<>(engine, pipeline, ledger, earlier, endings::ended);
    runs.takeOn(execution);
    execution.begin();
    return execution;
  }

  /** The runs of a pipeline that no process has taken on that has their graph. */
  List<RunId> waiting(String pipeline, Registered registered) {
    synchronized (runs) {
      return runs.left().waiting().stream()
          .map(Ledger::start)
          .filter(run -> run.pipeline().equals(pipeline))
          .filter(run -> registered.find(run).isEmpty())
          .map(RunEvent.RunStarted::run)
          .toList();
    }
  }
}
