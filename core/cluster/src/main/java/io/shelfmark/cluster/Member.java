package io.shelfmark.cluster;

import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.StepWorker;
import io.shelfmark.storage.StorageException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This process as a member of the cluster: it does the steps of its queues, watches with the others
 * what belongs to nobody, and tells who waits here of the ends that it brings. All of that is
 * opened and closed together. Thread-safe; the runner closes it.
 */
final class Member implements AutoCloseable {

  private final ClusterRunnerBuilder options;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(2, Threads.daemons("shelfmark-cluster-timer"));
  private final StepWorker worker;
  private final Registered registered = new Registered();
  private final UnknownGraphs unknown = new UnknownGraphs(System::nanoTime);
  private final Attempts attempts = new Attempts();
  private final Database database;
  private final Tickets tickets;
  private final Tables tables;
  private final StepLogs logs;
  private final OldRuns old;
  private final Ends ends;
  private final Watch watch;
  private final ClusterMeters meters;

  // guarded by this
  private boolean closed;

  private Member(
      ClusterRunnerBuilder options,
      Database database,
      Tickets tickets,
      String owner,
      ClusterMeters meters) {
    this.options = options;
    this.database = database;
    this.tickets = tickets;
    this.meters = meters;
    this.logs = new StepLogs(options.workspace);
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
    tables = Tables.in(database, tickets);
    worker.follow(tables.records()::find);
    old = new OldRuns(database, logs, options.retention);
    ends = new Ends(tables.runs(), owner);
    watch =
        new Watch(tables, attempts, worker, old, new LeftFolders(folder, database), this::ended);
  }

  /** Joins the cluster, and takes steps from then on. */
  static Member open(ClusterRunnerBuilder options) {
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
      Member member = new Member(options, database, tickets, owner, meters);
      try {
        options.pipelines.forEach(member::register);
        member.begin(owner);
        return member;
      } catch (SQLException | RuntimeException e) {
        // it may have begun with a queue
        member.closeAfter(e);
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
                logs,
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

  void register(Pipeline<?> pipeline) {
    registered.add(pipeline);
    worker.registered(pipeline);
    unknown.registered(pipeline.name(), pipeline.graph().digest());
  }

  /** A run has ended, by this process. */
  void ended(RunEvent.RunEnded event) {
    attempts.abandon(event.run());
    worker.tell(event);
    ends.tell();
  }

  StepWorker worker() {
    return worker;
  }

  Tables tables() {
    return tables;
  }

  Tickets tickets() {
    return tickets;
  }

  Registered registered() {
    return registered;
  }

  StepLogs logs() {
    return logs;
  }

  OldRuns old() {
    return old;
  }

  Ends ends() {
    return ends;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the cluster's runner in this process is closed");
    }
  }

  /** Leaves the cluster: steps that go on here are interrupted, and others take them over. */
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
