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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;
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
  private final List<OpenLineage> lineage;

  /** Pipelines by name and the digest of their graph. */
  private final Map<String, Map<Digest, Pipeline<?>>> registered = new ConcurrentHashMap<>();

  /** Runs that go on here, and those that an ended process left. */
  private final Map<RunId, Execution<?>> active = new ConcurrentHashMap<>();

  private final Map<RunId, Ledger> left = new LinkedHashMap<>();

  /** Runs whose end is on its way to the record. */
  private final Set<RunId> ending = ConcurrentHashMap.newKeySet();

  private boolean closed;
  private @Nullable StorageException broken;

  LocalRunner(LocalRunnerBuilder options) {
    Path folder = options.workspace.home().resolve("pipelines");
    records = new Records(folder, options.onRecord);
    Journal journal = options.onRecord ? journal(folder, options) : new Journal.None();
    records.settle();
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
            new Listeners(options.listeners));
    lineage =
        options.listeners.stream()
            .filter(OpenLineage.class::isInstance)
            .map(OpenLineage.class::cast)
            .toList();
    lineage.forEach(listener -> listener.attach(options.workspace, this::find));
    retention = new Retention(records, options.retention, bench.clock(), this::isNeeded);
  }

  private Journal journal(Path folder, LocalRunnerBuilder options) {
    FileJournal journal =
        FileJournal.open(folder, this::remember, this::isUnfinished, this::broken);
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

  private void remember(RunEvent event) {
    if (event instanceof RunEvent.RunStarted start) {
      left.put(start.run(), new Ledger(start));
      return;
    }
    Ledger ledger = left.get(event.run());
    if (ledger != null) {
      ledger.add(event);
    }
  }

  /** Records of ended runs go to files of their own before they go from the journal. */
  private boolean isUnfinished(RunEvent event) {
    Ledger ledger = left.get(event.run());
    if (ledger != null && ledger.hasEnded()) {
      if (!records.isForgotten(event.run())) {
        records.write(ledger.record(), Records.Sync.YES);
      }
      left.remove(event.run());
      return false;
    }
    return ledger != null;
  }

  private boolean isGoingOn(RunEvent event) {
    RunId run = event.run();
    if (active.containsKey(run) || ending.contains(run)) {
      return true;
    }
    synchronized (this) {
      return left.containsKey(run);
    }
  }

  /** Whether a run goes on, or one that goes on takes results from it. */
  private boolean isNeeded(RunId run) {
    Predicate<RunEvent.RunStarted> needs =
        start ->
            start.run().equals(run)
                || start.rerun().filter(from -> from.run().equals(run)).isPresent();
    if (ending.contains(run)
        || active.values().stream().anyMatch(e -> needs.test(e.ledger().start()))) {
      return true;
    }
    synchronized (this) {
      return left.values().stream().anyMatch(ledger -> needs.test(ledger.start()));
    }
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
    lineage.forEach(listener -> listener.registered(pipeline));
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
    created.ifPresent(run -> engine.happened(start, Journal.Wait.FOR_DISK, event -> run.begin()));
    PipelineRun<T> run = present.orElseGet(created::orElseThrow);
    if (run instanceof Execution<T> execution) {
      execution.awaitBegin(); // another caller's start may not be on record yet
    }
    return run;
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
    Optional<RunRecord> record = find(id);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    if (!record.get().graph().equals(pipeline.graph().digest())) {
      throw new IllegalArgumentException(
          "Cannot start run %s of %s: found it on record with another graph, expected a new id or the same pipeline"
              .formatted(id, pipeline));
    }
    Execution<?> running = active.get(id);
    if (running != null) {
      return Optional.of((PipelineRun<T>) running);
    }
    Ledger unfinished = left.remove(id);
    return Optional.of(
        unfinished == null
            ? new EndedRun<>(engine.bench().values(), pipeline, record.get())
            : resume(pipeline, unfinished));
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
    execution.begin();
    return execution;
  }

  private void ended(Execution<?> execution) {
    RunRecord record = execution.record();
    try {
      records.write(record, Records.Sync.NO);
      engine.bench().release(record);
    } catch (StorageException e) {
      // the journal has the record, and kept versions cost room only
      LOG.warn("Cannot tidy up after run {}", record.id(), e);
    }
    active.remove(record.id());
    retention.ended(record);
  }

  @Override
  public synchronized List<PipelineRun<?>> resume() {
    requireOpen();
    List<PipelineRun<?>> resumed = new ArrayList<>();
    for (Ledger ledger : List.copyOf(left.values())) {
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
        left.remove(start.run());
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
      Ledger unfinished = left.get(run);
      return unfinished == null ? records.find(run) : Optional.of(unfinished.record());
    }
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    Map<RunId, RunRecord> found = new LinkedHashMap<>();
    records.of(pipeline).forEach(record -> found.put(record.id(), record));
    synchronized (this) {
      left.forEach((id, ledger) -> found.put(id, ledger.record()));
    }
    active.forEach((id, execution) -> found.put(id, execution.record()));
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
      Ledger unfinished = left.get(run);
      if (unfinished != null) {
        ending.add(run);
        left.remove(run);
        engine.happened(
            new RunEvent.RunEnded(
                run, engine.bench().now(), RunState.CANCELLED, Optional.of(reason)),
            Journal.Wait.FOR_DISK,
            event -> {
              unfinished.add(event);
              records.write(unfinished.record(), Records.Sync.NO);
              ending.remove(run);
              retention.ended(unfinished.record());
            });
      }
    }
  }

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions options) {
    return Explainer.explain(engine.bench(), pipeline, options, this::find);
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
    engine.journal().close();
    retention.close();
    engine.listeners().close();
  }
}
