package io.shelfmark.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Explanation;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.PipelineRunner;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepWorker;
import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Does pipelines on any number of processes, over a PostgreSQL database and a store that all of
 * them reach: {@code ClusterRunner.over(dataSource, workspace).queue("default", 4).open()}. One for
 * each process; thread-safe; who opened it closes it, before the workspace and the connections.
 *
 * <p>A process does the steps of the queues that it names, of runs whose pipeline it has registered
 * with the graph that they began with; others are left for a process that has. Steps of a process
 * that dies are taken over when its heartbeats have not come for a minute (an option); what such a
 * process gives later counts for nothing. A step's code may be called more than once, but its
 * result is committed once.
 *
 * <p>Records are in the database, logs and versions in the store: every process sees all of them. A
 * log is there once its attempt has ended. All times on record are those of the database's clock.
 * Listeners hear what their own process does.
 */
public final class ClusterRunner implements PipelineRunner {

  private final ClusterRunnerBuilder options;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, Threads.daemons("shelfmark-cluster-timer"));
  private final StepWorker worker;
  private final Registered registered = new Registered();
  private final UnknownGraphs unknown = new UnknownGraphs(System::nanoTime);
  private final Attempts attempts = new Attempts();
  private final Tickets tickets;
  private final Tables tables;
  private final RunStarts starts;
  private final Pauses pauses;
  private final OldRuns old;
  private final Ends ends;
  private final Watch watch;
  private final ClusterMeters meters;
  private final Database database;
  private boolean closed;

  private ClusterRunner(
      ClusterRunnerBuilder options,
      Database database,
      Tickets tickets,
      String owner,
      ClusterMeters meters) {
    this.options = options;
    this.database = database;
    this.tickets = tickets;
    this.meters = meters;
    Path folder = options.workspace.home().resolve("cluster");
    worker =
        StepWorker.in(
            options.workspace,
            new StepWorker.Options(
                folder,
                options.secrets,
                options.logLimit,
                timer,
                Stream.concat(Stream.of(meters), options.listeners.stream()).toList()));
    worker.follow(this::find);
    tables = Tables.in(database, tickets);
    starts = new RunStarts(tables.runs(), tickets, worker);
    pauses = new Pauses(tables.runs(), tables.reconciler(), timer);
    old = new OldRuns(database, new StepLogs(options.workspace), options.retention);
    ends = new Ends(tables.runs(), owner);
    watch =
        new Watch(tables, attempts, worker, old, new LeftFolders(folder, database), this::ended);
  }

  /**
   * Begins with the database whose tables keep the records, and the workspace whose store every
   * process of the cluster has. Both stay the caller's. A connection is needed for each step for
   * moments only; connections should have a socket timeout.
   */
  public static ClusterRunnerBuilder over(DataSource database, Workspace workspace) {
    return new ClusterRunnerBuilder(database, workspace);
  }

  static ClusterRunner open(ClusterRunnerBuilder options) {
    String owner = "worker-" + UUID.randomUUID();
    Database database = new Database(options.database);
    Migrations.run(database);
    SharedStore.require(database, options.workspace, owner);
    ClusterMeters meters = new ClusterMeters(options.metrics);
    try {
      Tickets tickets =
          new SchedulerTickets(
              new SchedulerTickets.Settings(
                  options.database, owner, options.heartbeats, options.poll),
              meters);
      ClusterRunner runner = new ClusterRunner(options, database, tickets, owner, meters);
      try {
        options.pipelines.forEach(runner::register);
        runner.begin(owner);
        return runner;
      } catch (SQLException | RuntimeException e) {
        // it may have begun with a queue
        runner.closeAfter(e);
        throw e;
      }
    } catch (SQLException e) {
      throw Database.failure("open a runner of the cluster", e);
    }
  }

  private void closeAfter(Exception cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private void begin(String owner) throws SQLException {
    tables.limits().look();
    watch.start(options.look, options.reconcile, options.sweep);
    StepHandler handler =
        new StepHandler(
            new StepHandler.Parts(
                owner,
                tables,
                new StepLogs(options.workspace),
                worker,
                new ActiveRuns(tables.runs(), tables.claims(), registered, worker),
                unknown,
                new Commits(tables.steps(), tables.fanOuts(), worker::tell),
                attempts,
                meters,
                this::ended));
    meters.running(() -> attempts.claims().size());
    for (String queue : options.queues.keySet()) {
      meters.queue(queue, () -> depth(queue));
      tickets.start(queue, options.queues.getOrDefault(queue, 1), handler);
    }
  }

  private @Nullable QueueDepth depth(String queue) {
    try {
      return database.alone(connection -> tickets.depth(connection, queue));
    } catch (SQLException e) {
      // a meter has nothing to tell then
      return null;
    }
  }

  /** Whether the database has answered within two heartbeats. */
  boolean isInTouch() {
    return tickets.isInTouch();
  }

  private void ended(RunEvent.RunEnded event) {
    attempts.abandon(event.run());
    worker.tell(event);
    ends.tell();
  }

  StepWorker worker() {
    return worker;
  }

  @Override
  public void register(Pipeline<?> pipeline) {
    registered.add(pipeline);
    worker.registered(pipeline);
    unknown.registered(pipeline.name(), pipeline.graph().digest());
  }

  @Override
  public <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions runOptions) {
    requireOpen();
    register(pipeline);
    return new ClusterRun<>(this, pipeline, starts.start(pipeline, runOptions));
  }

  /**
   * The runs that go on and whose pipeline is registered here with their graph. They need no
   * process to take them on: any worker that has the graph does their steps.
   */
  @Override
  public List<PipelineRun<?>> resume() {
    requireOpen();
    try {
      List<PipelineRun<?>> found = new ArrayList<>();
      for (RunEvent.RunStarted start : tables.runs().unfinished()) {
        registered
            .find(start.pipeline(), start.graph())
            .ifPresent(known -> found.add(new ClusterRun<>(this, known.pipeline(), start.run())));
      }
      return found;
    } catch (SQLException e) {
      throw Database.failure("find unfinished runs", e);
    }
  }

  @Override
  public Optional<RunRecord> find(RunId run) {
    return tables.records().find(run);
  }

  @Override
  public List<RunRecord> runs(String pipeline) {
    return tables.records().of(pipeline);
  }

  /** Of attempts that have ended: what one that goes on logs is with its process. */
  @Override
  public String log(RunId run, String step) {
    return new StepLogs(options.workspace).read(run, step, find(run).flatMap(r -> r.step(step)));
  }

  @Override
  public void cancel(RunId run, String reason) {
    try {
      tables.endings().early(run, RunState.CANCELLED, reason).ifPresent(this::ended);
    } catch (SQLException e) {
      throw Database.failure("cancel run " + run, e);
    }
  }

  /** Lets no more steps of a run begin, on any process; those that go on are not stopped. */
  public void pause(RunId run) {
    pauses.begin(run);
  }

  /** Lets the steps of a paused run begin again. */
  public void unpause(RunId run) {
    pauses.end(run);
  }

  /**
   * Limits how many steps of a queue run at once in the whole cluster, within 1 s; what runs is not
   * stopped. It stays in the database.
   *
   * @throws IllegalArgumentException when it is less than 1
   */
  public void limit(String queue, int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(
          "Cannot limit queue %s to %d steps: expected 1 or more".formatted(queue, steps));
    }
    tables.limits().set(queue, steps);
  }

  /** Takes the limit of a queue away. */
  public void removeLimit(String queue) {
    tables.limits().remove(queue);
  }

  /**
   * Removes the record and the logs of a run that has ended. What it put into the cache and the
   * versions that it made stay. Nothing happens when there is no such run.
   *
   * @throws IllegalStateException when it goes on, or one that goes on takes results from it
   */
  public void forget(RunId run) {
    try {
      find(run).filter(record -> record.endedAt().isPresent()).ifPresent(worker::release);
      if (!old.remove(run)) {
        throw new IllegalStateException(
            "Cannot forget run %s: found that it, or a run that repeats from it, goes on, expected an end (cancel that first)"
                .formatted(run));
      }
    } catch (SQLException e) {
      throw Database.failure("forget run " + run, e);
    }
  }

  @Override
  public Explanation explain(Pipeline<?> pipeline, RunOptions runOptions) {
    return worker.explain(pipeline, runOptions, this::find);
  }

  boolean awaitEnd(RunId run, Duration limit) {
    return ends.await(run, limit);
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the cluster's runner in this process is closed");
    }
  }

  /**
   * Begins no more steps here, and waits for those that go on; at the limit they are interrupted,
   * and others take them over at once. Close it afterwards.
   */
  public void drain(Duration limit) {
    tickets.drain(limit);
  }

  /** Interrupts the steps that go on here, which other processes take over at once. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      ends.close();
      watch.close();
    } finally {
      closeTickets();
    }
  }

  private void closeTickets() {
    try {
      tickets.close();
    } catch (Exception e) {
      throw new StorageException(
          "Cannot close the cluster's runner: found %s, expected its queues to end"
              .formatted(e.getMessage()),
          e);
    } finally {
      attempts.close();
      timer.shutdownNow();
      worker.close();
    }
  }
}
