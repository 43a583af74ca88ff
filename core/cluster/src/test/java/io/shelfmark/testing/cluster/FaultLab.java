package io.shelfmark.testing.cluster;

import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One repetition of a scenario: a database of its own, a folder that is store and everyone's home,
 * the processes that it starts. Who opened it closes it, which kills the processes.
 */
final class FaultLab implements AutoCloseable {

  static final String RUN = "fault";

  /** Nothing here takes longer, not even with other programs at work. */
  private static final Duration PATIENCE = Duration.ofSeconds(240);

  private static final int TOLD = 10;

  private final FaultDatabase server;
  private final Path folder;
  private final String database;
  private final Effects effects;
  private final CommitLog log;
  private final List<AutoCloseable> open = new ArrayList<>();
  private int workers;

  private FaultLab(FaultDatabase server, Path folder, String database) {
    this.server = server;
    this.folder = folder;
    this.database = database;
    this.effects = new Effects(folder.resolve("effects"));
    this.log = new CommitLog(server, database);
  }

  /** Makes the schema too. */
  static FaultLab open(FaultDatabase server, Path folder) throws Exception {
    FaultLab lab = new FaultLab(server, Files.createDirectories(folder), server.create());
    try (Workspace workspace = lab.workspace("client");
        var client = FaultWorker.client(lab.url(server.port()), workspace)) {
      lab.log.install();
    }
    return lab;
  }

  private Workspace workspace(String home) {
    return FaultWorker.workspace(folder, home);
  }

  private String url(int port) {
    return FaultDatabase.url(port, database);
  }

  FaultDatabase server() {
    return server;
  }

  Effects effects() {
    return effects;
  }

  CommitLog log() {
    return log;
  }

  Path folder() {
    return folder;
  }

  /** A process that does so many steps at once. */
  WorkerProcess worker(int slots) throws IOException {
    return worker(slots, server.port());
  }

  /** The same, which finds the database at a port. */
  WorkerProcess worker(int slots, int port) throws IOException {
    return process(slots, port);
  }

  private WorkerProcess process(int slots, int port, String... more) throws IOException {
    String name = "worker-" + ++workers;
    List<String> arguments =
        new ArrayList<>(List.of(url(port), folder.toString(), name, Integer.toString(slots)));
    arguments.addAll(List.of(more));
    WorkerProcess worker =
        WorkerProcess.start(folder.resolve(name + ".log"), FaultWorker.class.getName(), arguments);
    open.add(worker);
    return worker;
  }

  /** Processes that do so many steps at once each, all of them ready. */
  List<WorkerProcess> workers(int count, int slots) throws Exception {
    List<WorkerProcess> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(worker(slots));
    }
    awaitReady(all);
    return all;
  }

  /** Waits until they take steps. */
  void awaitReady(List<WorkerProcess> all) throws Exception {
    for (WorkerProcess worker : all) {
      await(
          "process %d takes steps".formatted(worker.pid()),
          () -> worker.output().contains(FaultWorker.READY));
    }
  }

  /** A process that watches a schedule beside. */
  WorkerProcess watcher(Instant start, Instant end) throws IOException {
    return process(
        2,
        server.port(),
        Long.toString(start.getEpochSecond()),
        Long.toString(end.getEpochSecond()));
  }

  /** A way to the database that can be cut. */
  CutProxy proxy() throws IOException {
    CutProxy proxy = CutProxy.to(server.port());
    open.add(proxy);
    return proxy;
  }

  /** Starts the run and leaves it to the workers. */
  void start(Pipeline<?> pipeline, RunOptions options) {
    try (Workspace workspace = workspace("client");
        var client = FaultWorker.client(url(server.port()), workspace)) {
      client.runner().start(pipeline, options.id(RunId.of(RUN)));
    }
  }

  void startFanOut(int count, int millis) {
    start(
        FaultPipelines.fanOut(effects),
        RunOptions.defaults()
            .with(FaultPipelines.COUNT, count)
            .with(FaultPipelines.MILLIS, millis));
  }

  /** Waits until a process is in the middle of as many steps. */
  void awaitUnderWay(WorkerProcess worker, int steps) throws Exception {
    await(
        "%d steps under way in process %d".formatted(steps, worker.pid()),
        () -> effects.underWay(worker.pid()).size() >= steps);
  }

  /** Waits until the run has ended; answers when. */
  Instant awaitDone() throws Exception {
    await("every run has ended", () -> log.isDone());
    return Instant.now();
  }

  /** Fails unless everything is done, once, and nothing lies about. */
  void verify() throws Exception {
    awaitDone();
    await("no ticket lies about", () -> log.tickets() == 0);
    List<String> wrongs = log.wrongs();
    check(wrongs.isEmpty(), "wrong in the end: " + some(wrongs));
  }

  private static String some(List<String> all) {
    return all.size() + ": " + all.subList(0, Math.min(all.size(), TOLD));
  }

  void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message + " (logs in " + folder + ")");
    }
  }

  /** Something that becomes true in time. */
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Looks again and again; a database that is away is no answer. */
  void await(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "Not in %s: %s; not done, or wrong: %s (logs in %s)"
                .formatted(PATIENCE, what, some(log.wrongs()), folder));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static boolean holds(Condition condition) throws Exception {
    try {
      return condition.holds();
    } catch (SQLException e) {
      return false;
    }
  }

  /** Lets time pass in which the scenario wants something to stay as it is. */
  static void pass(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, time.toNanos()));
  }

  static void passUntil(Instant moment) throws InterruptedException {
    pass(Duration.between(Instant.now(), moment));
  }

  @Override
  public void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }
}
