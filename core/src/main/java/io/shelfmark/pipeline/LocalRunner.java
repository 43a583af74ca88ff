package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Stream;

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

  private final HomeRuns runs;
  private final Records records;
  private final Retention retention;
  private final Engine engine;
  private final RunEndings endings;
  private final RunStarts starts;
  private final Registered registered = new Registered();
  private final boolean ownScheduler;

  LocalRunner(LocalRunnerBuilder options) {
    Path folder = options.workspace.home().resolve("pipelines");
    records = new Records(folder, options.onRecord);
    runs = new HomeRuns(folder, records);
    List<RunRecord> ended = new ArrayList<>();
    Journal journal = options.onRecord ? journal(folder, options, ended) : new Journal.None();
    runs.left().records().forEach(record -> records.begins(record.id()));
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
    retention = new Retention(records, options.retention, bench.clock(), runs::removeUnlessNeeded);
    endings = new RunEndings(engine, runs, records, retention);
    starts = new RunStarts(engine, runs, records, endings);
    tidyUp(ended);
  }

  private Journal journal(Path folder, LocalRunnerBuilder options, List<RunRecord> ended) {
    FileJournal journal =
        FileJournal.open(
            folder, runs.left()::remember, event -> isUnfinished(event, ended), runs::broken);
    journal.cutBeyond(options.journalLimit, runs::isGoingOn, records::settle);
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
    return runs.left()
        .isUnfinished(
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
    Stream.concat(ended.stream(), runs.left().records().stream())
        .forEach(record -> engine.bench().removeWorkFolders(record.id()));
    ended.stream().filter(Workbench::mayKeepVersions).forEach(endings::endedEarlier);
  }

  /**
   * Removes the record and the logs of a run that has ended. What it put into the cache and the
   * versions that it made stay. Nothing happens when there is no such run. One of that id, or that
   * repeats it, which is started meanwhile begins after that.
   *
   * @throws IllegalStateException when it goes on, or one that goes on takes results from it
   */
  public void forget(RunId run) {
    if (!runs.removeUnlessNeeded(run, () -> records.remove(run))) {
      throw new IllegalStateException(
          "Cannot forget run %s: found that it, or a run that repeats from it, goes on, expected an end (cancel that first)"
              .formatted(run));
    }
    retention.forgotten(run);
  }

  /** Waits until old runs are removed; for tests. */
  void awaitRetention() {
    retention.await();
  }

  /** What is known of runs; for tests. */
  HomeRuns known() {
    return runs;
  }

  @Override
  public void register(Pipeline<?> pipeline) {
    registered.add(pipeline);
    engine.listeners().registered(pipeline);
  }

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions options) {
    register(pipeline);
    Settings settings = new Settings(engine.bench().values());
    return starts.start(pipeline, settings.start(pipeline, options, engine.bench().now()));
  }

  @Override
  public List<PipelineRun<?>> resume() {
    return starts.resume(registered);
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    return runs.find(run);
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    return runs.of(pipeline);
  }

  @Override
  public String log(RunId run, String step) {
    int attempts =
        find(run).flatMap(record -> record.step(step)).map(s -> s.attempts().size()).orElse(0);
    return StepLog.read(engine.bench().runFolder(run), step, attempts);
  }

  @Override
  public void cancel(RunId run, String reason) {
    Optional<Execution<?>> active = runs.active(run);
    if (active.isPresent()) {
      active.get().stop(RunState.CANCELLED, reason);
      return;
    }
    synchronized (runs) {
      runs.left().waiting(run).ifPresent(ledger -> endings.cancel(ledger, reason));
    }
  }

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions options) {
    return Explainer.explain(engine.bench(), pipeline, options, this::find)
        .waiting(starts.waiting(pipeline.name(), registered));
  }

  @Override
  public void close() {
    if (!runs.close()) {
      return;
    }
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
