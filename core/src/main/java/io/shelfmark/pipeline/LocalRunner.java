package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.storage.Digest;
import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does pipelines in this process: {@code LocalRunner.in(workspace).open()}. One for each home,
 * which a file lock sees to; thread-safe; who opened it closes it, before the workspace.
 *
 * <p>What happens is put on record in the home, in {@code pipelines}, before anything follows from
 * it: one sync of the disk settles all steps that end meanwhile. Killed at any instruction, the
 * next runner on the home resumes from the last steps on record. Records, logs and results of runs
 * are in the home, which other machines do not see; results of cached steps are in the store, which
 * they do.
 *
 * <p>Code that does not return after an interrupt keeps its thread, but neither its place among
 * those that run at once nor its run.
 */
public final class LocalRunner implements PipelineRunner {

  private static final Logger LOG = LoggerFactory.getLogger(LocalRunner.class);

  private final Engine engine;
  private final Records records;
  private final Retention retention;
  private final boolean ownScheduler;

  /** Pipelines by name and the digest of their graph. */
  private final Map<String, Map<Digest, Pipeline<?>>> registered = new ConcurrentHashMap<>();

  /** Runs that go on here. */
  private final Map<RunId, Execution<?>> active = new ConcurrentHashMap<>();

  // guarded by this
  private final LeftRuns left = new LeftRuns();
  private boolean closed;
  private @Nullable StorageException broken;

  LocalRunner(LocalRunnerBuilder options) {
    Path folder = options.workspace.home().resolve("pipelines");
    records = new Records(folder, options.onRecord);
    List<RunRecord> ended = new ArrayList<>();
    Journal journal = options.onRecord ? journal(folder, options, ended) : new Journal.None();
    left.records().forEach(record -> records.begins(record.id()));
    records.settle().run();
    ownScheduler = options.scheduler == null;
    Workbench bench =
        Workbench.in(
            options.workspace,
            options.scheduler == null ? newScheduler() : options.scheduler,
            options.secrets,
            folder,
            options.logLimit);
    engine =
        new Engine(
            bench,
            journal,
            new Slots(options.parallelism, options.queues),
            new Listeners(options.listeners),
            new Tidying());
    engine.listeners().follow(options.workspace, this::find);
    retention = new Retention(records, options.retention, bench.clock(), this::isNeeded);
    tidyUp(ended);
  }

  private Journal journal(Path folder, LocalRunnerBuilder options, List<RunRecord> ended) {
    FileJournal journal =
        FileJournal.open(folder, left::remember, event -> isUnfinished(event, ended), this::broken);
    journal.cutBeyond(options.journalLimit, this::isGoingOn, records::settle);
    return journal;
  }

  /** Begins with the workspace whose home keeps the records, and whose store the cache. */
  public static LocalRunnerBuilder in(Workspace workspace) {
    return new LocalRunnerBuilder(workspace);
  }

  private static ScheduledExecutorService newScheduler() {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "shelfmark-pipeline-timer");
              thread.setDaemon(true);
              return thread;
            });
    scheduler.setRemoveOnCancelPolicy(true);
    return scheduler;
  }

  /** Records of ended runs go to files of their own before they go from the journal. */
  private boolean isUnfinished(RunEvent event, List<RunRecord> ended) {
    return left.isUnfinished(
        event,
        record -> {
          if (!records.isForgotten(record.id())) {
            records.write(record, Records.Sync.YES);
          }
          ended.add(record);
        });
  }

  /** What a killed process had no time for. */
  private void tidyUp(List<RunRecord> ended) {
    Stream.concat(ended.stream(), left.records().stream())
        .forEach(record -> engine.bench().removeWorkFolders(record.id()));
    ended.stream()
        .filter(Workbench::mayKeepVersions)
        .forEach(record -> engine.tidying().later(() -> release(record)));
  }

  boolean isGoingOn(RunEvent event) {
    RunId run = event.run();
    if (active.containsKey(run)) {
      return true;
    }
    synchronized (this) {
      // asked again, here and below: it may have been taken on since
      return active.containsKey(run) || left.has(run);
    }
  }

  /** Whether a run goes on, or one that goes on takes results from it. */
  private boolean isNeeded(RunId run) {
    Predicate<RunEvent.RunStarted> needs =
        start ->
            start.run().equals(run)
                || start.rerun().filter(from -> from.run().equals(run)).isPresent();
    if (isActive(needs)) {
      return true;
    }
    synchronized (this) {
      return isActive(needs) || left.anyMatch(needs);
    }
  }

  private boolean isActive(Predicate<RunEvent.RunStarted> wanted) {
    return active.values().stream().anyMatch(run -> wanted.test(run.ledger().start()));
  }

  /**
   * Removes the record and the logs of a run that has ended. What it put into the cache and the
   * versions that it made stay. Nothing happens when there is no such run.
   *
   * @throws IllegalStateException when it goes on, or one that goes on takes results from it
   */
  public void forget(RunId run) {
    if (isNeeded(run)) {
      throw new IllegalStateException(
          "Cannot forget run %s: found that it, or a run that repeats from it, goes on, expected an end (cancel that first)"
              .formatted(run));
    }
    records.remove(run);
    retention.forgotten(run);
  }

  /** Waits until old runs are removed; for tests. */
  void awaitRetention() {
    retention.await();
  }

  private void broken(StorageException failure) {
    synchronized (this) {
      broken = failure;
    }
    List.copyOf(active.values()).forEach(execution -> execution.suspend(failure));
  }

  @Override
  public void register(Pipeline<?> pipeline) {
    registered
        .computeIfAbsent(pipeline.name(), name -> new ConcurrentHashMap<>())
        .putIfAbsent(pipeline.graph().digest(), pipeline);
    engine.listeners().registered(pipeline);
  }

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions options) {
    register(pipeline);
    RunEvent.RunStarted start =
        new Settings(engine.bench().values()).start(pipeline, options, engine.bench().now());
    RunId id = start.run();
    Optional<PipelineRun<T>> present;
    Optional<Execution<T>> created = Optional.empty();
    synchronized (this) {
      requireOpen();
      present = present(id, pipeline);
      if (present.isEmpty()) {
        created = Optional.of(begun(pipeline, start));
        active.put(id, created.get());
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
    Optional<RunRecord> earlier = start.rerun().flatMap(rerun -> find(rerun.run()));
    if (start.rerun().isPresent() && earlier.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot rerun %s: found no such run, expected one on record (old runs are removed; see LocalRunnerBuilder.retention)"
              .formatted(start.rerun().get().run()));
    }
    return new Execution<>(engine, pipeline, new Ledger(start), earlier, this::ended);
  }

  @SuppressWarnings("unchecked") // a run of the same graph has a result of the same type
  private <T> Optional<PipelineRun<T>> present(RunId id, Pipeline<T> pipeline) {
    // looked at once: it may end at any time
    Execution<?> running = active.get(id);
    Optional<RunRecord> record = running == null ? find(id) : Optional.of(running.record());
    if (record.isEmpty()) {
      return Optional.empty();
    }
    if (!record.get().graph().equals(pipeline.graph().digest())) {
      throw new IllegalArgumentException(
          "Cannot start run %s of %s: found it on record with another graph, expected a new id or the same pipeline"
              .formatted(id, pipeline));
    }
    if (running != null) {
      return Optional.of((PipelineRun<T>) running);
    }
    Optional<Ledger> unfinished = left.waiting(id);
    return Optional.of(
        unfinished.isPresent()
            ? resume(pipeline, unfinished.get())
            : new EndedRun<>(engine.bench().values(), pipeline, record.get()));
  }

  private <T> Execution<T> resume(Pipeline<T> pipeline, Ledger ledger) {
    Optional<RunEvent.Rerun> rerun = ledger.start().rerun();
    Optional<RunRecord> earlier = rerun.flatMap(from -> find(from.run()));
    if (rerun.isPresent() && earlier.isEmpty()) {
      LOG.warn(
          "Run {} repeats from run {}, which is gone; what it would take from there is done anew",
          ledger.start().run(),
          rerun.get().run());
    }
    Execution<T> execution = new Execution<>(engine, pipeline, ledger, earlier, this::ended);
    active.put(execution.id(), execution);
    left.forget(execution.id());
    execution.begin();
    return execution;
  }

  /** Puts a run's record into its file; then it is ended for those who wait. */
  private void ended(Execution<?> execution, Runnable then) {
    RunRecord record = execution.record();
    write(record);
    Runnable end =
        () -> {
          active.remove(record.id());
          retention.ended(record);
          then.run();
        };
    if (!Workbench.mayKeepVersions(record)) {
      end.run();
      return;
    }
    // a store may be slow, and other runs wait for this thread
    engine
        .tidying()
        .later(
            () -> {
              release(record);
              end.run();
            });
  }

  private void write(RunRecord record) {
    try {
      records.write(record, Records.Sync.NO);
    } catch (StorageException e) {
      LOG.warn("Cannot write the record of run {}; the journal has it", record.id(), e);
    }
  }

  private void release(RunRecord record) {
    try {
      engine.bench().release(record);
    } catch (RuntimeException e) {
      LOG.warn("Cannot release what run {} kept; it costs room only", record.id(), e);
    }
  }

  @Override
  public synchronized List<PipelineRun<?>> resume() {
    requireOpen();
    List<PipelineRun<?>> resumed = new ArrayList<>();
    for (Ledger ledger : left.waiting()) {
      RunEvent.RunStarted start = ledger.start();
      Map<Digest, Pipeline<?>> graphs = registered.getOrDefault(start.pipeline(), Map.of());
      Pipeline<?> pipeline = graphs.get(start.graph());
      if (pipeline == null) {
        LOG.info(
            "Run {} of pipeline {} waits for a process that has its graph {}; here are {}",
            start.run(),
            start.pipeline(),
            start.graph(),
            graphs.keySet());
      } else {
        resumed.add(resume(pipeline, ledger));
      }
    }
    return resumed;
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    Execution<?> execution = active.get(run);
    if (execution != null) {
      return Optional.of(execution.record());
    }
    synchronized (this) {
      return Optional.<Execution<?>>ofNullable(active.get(run))
          .map(Execution::record)
          .or(() -> left.find(run))
          .or(() -> records.find(run));
    }
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    Map<RunId, RunRecord> found = new LinkedHashMap<>();
    synchronized (this) {
      left.records().forEach(record -> found.put(record.id(), record));
      active.forEach((id, execution) -> found.put(id, execution.record()));
    }
    // last: a run that ends meanwhile is among them before it is no longer active
    records.of(pipeline).forEach(record -> found.put(record.id(), record));
    return found.values().stream()
        .filter(record -> record.pipeline().equals(pipeline))
        .sorted(
            Comparator.comparing(RunRecord::startedAt)
                .thenComparing(record -> record.id().value())
                .reversed())
        .toList();
  }

  @Override
  public String log(RunId run, String step) {
    int attempts =
        find(run).flatMap(record -> record.step(step)).map(s -> s.attempts().size()).orElse(0);
    return StepLog.read(engine.bench().runFolder(run), step, attempts);
  }

  @Override
  public void cancel(RunId run, String reason) {
    Execution<?> execution = active.get(run);
    if (execution != null) {
      execution.stop(RunState.CANCELLED, reason);
      return;
    }
    synchronized (this) {
      left.waiting(run).ifPresent(ledger -> cancel(ledger, reason));
    }
  }

  /** Ends a run that an ended process left. */
  private void cancel(Ledger unfinished, String reason) {
    RunId run = unfinished.start().run();
    left.ending(run);
    engine.happened(
        new RunEvent.RunEnded(run, engine.bench().now(), RunState.CANCELLED, Optional.of(reason)),
        Journal.Wait.FOR_DISK,
        event -> {
          unfinished.add(event);
          write(unfinished.record());
          synchronized (this) {
            left.forget(run);
          }
          retention.ended(unfinished.record());
          engine.tidying().later(() -> release(unfinished.record()));
        });
  }

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions options) {
    Explanation explanation = Explainer.explain(engine.bench(), pipeline, options, this::find);
    Map<Digest, Pipeline<?>> graphs = registered.getOrDefault(pipeline.name(), Map.of());
    synchronized (this) {
      return explanation.waiting(
          left.waiting().stream()
              .map(Ledger::start)
              .filter(run -> run.pipeline().equals(pipeline.name()))
              .filter(run -> !graphs.containsKey(run.graph()))
              .map(RunEvent.RunStarted::run)
              .toList());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "the runner of the pipelines in " + engine.bench().folder() + " is closed");
    }
    if (broken != null) {
      throw new StorageException(
          "Cannot start runs in %s: found its journal unusable, expected to write (make room, then open a new runner)"
              .formatted(engine.bench().folder()),
          broken);
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    IllegalStateException reason =
        new IllegalStateException(
            "the runner of the pipelines in " + engine.bench().folder() + " is closed");
    List.copyOf(active.values()).forEach(execution -> execution.suspend(reason));
    engine.slots().close();
    if (ownScheduler) {
      engine.bench().timer().shutdownNow();
    }
    // the home goes last: the next runner on it would do what these are about to do
    try (Journal journal = engine.journal()) {
      journal.stop();
      engine.tidying().close();
      retention.close();
      engine.listeners().close();
    }
  }
}
