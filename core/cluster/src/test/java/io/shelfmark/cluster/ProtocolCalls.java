package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunSteps;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.pipeline.StepWorker;
import io.shelfmark.storage.Digest;
import io.shelfmark.testing.InMemoryBlobStore;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, call by call, over a database of its own: no queue is taken from. */
abstract class ProtocolCalls {

  static TestDatabase server;

  @TempDir Path temporary;
  final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  HikariDataSource pool;
  Database database;
  SchedulerTickets tickets;
  StepStore steps;
  StepClaims claims;
  RunStore runs;
  RunEndings endings;
  Records records;
  Workspace workspace;
  StepWorker worker;

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() throws SQLException {
    pool = server.pool(server.url(server.create()));
    database = new Database(pool);
    Migrations.run(database);
    tickets =
        new SchedulerTickets(
            new SchedulerTickets.Settings(
                pool, "test", Heartbeats.defaults(), Duration.ofSeconds(1)));
    steps = new StepStore(database, tickets);
    claims = new StepClaims(database);
    runs = new RunStore(database, tickets);
    endings = new RunEndings(database);
    records = new Records(database);
    workspace =
        Workspace.builder().store(new InMemoryBlobStore(Clock.systemUTC())).home(temporary).open();
    worker =
        StepWorker.in(
            workspace,
            new StepWorker.Options(temporary, name -> Optional.empty(), 1, timer, List.of()));
  }

  @AfterEach
  void close() {
    tickets.close();
    worker.close();
    timer.shutdownNow();
    workspace.close();
  }

  static Step<Integer> number(String name) {
    return Step.named(name, Integer.class).run(context -> 1);
  }

  RunId start(Pipeline<?> pipeline) {
    RunEvent.RunStarted start = worker.start(pipeline, RunOptions.defaults(), Instant.now());
    assertThat(runs.create(start, StepWorker.shapes(pipeline), 0)).isTrue();
    assertThat(runs.create(start, StepWorker.shapes(pipeline), 0)).isFalse();
    return start.run();
  }

  static Fate.Ended gave(String json) {
    return new Fate.Ended(
        StepState.SUCCEEDED,
        Optional.of(
            new StepResult(json, Digest.of(json.getBytes(UTF_8)), List.of(), Optional.empty())),
        Optional.empty());
  }

  StepClaims.Begun begin(RunId run, String step, int generation) throws SQLException {
    return tryBegin(run, step, generation).orElseThrow();
  }

  Optional<StepClaims.Begun> tryBegin(RunId run, String step, int generation) throws SQLException {
    return claims.begin(
        new TicketId(StepKey.parse(run, step), generation),
        runs.find(run).orElseThrow().start().at(),
        "holder-" + System.nanoTime(),
        List.of());
  }

  StepStore.Commit commit(StepClaims.Begun begun, String json) throws SQLException {
    return steps.commit(begun.claim(), gave(json), StepStore.Attempted.YES, 0);
  }

  StepRecord step(RunId run, String name) {
    return records.find(run).orElseThrow().step(name).orElseThrow();
  }

  long count(String sql) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return TestDatabase.number(connection, sql);
    }
  }

  void update(String sql, Object... values) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      assertThat(Rows.update(connection, sql, values)).isPositive();
    }
  }

  Fate.Each each(Pipeline<?> pipeline, RunId run) throws SQLException {
    RunSteps runSteps = worker.steps(pipeline, runs.find(run).orElseThrow().start());
    return (Fate.Each)
        runSteps.decide(
            "each",
            new RunSteps.Known() {
              @Override
              public Fate.Ended step(String name) {
                return gave("[4,5,6]");
              }

              @Override
              public Optional<StepResult> earlier(String name) {
                return Optional.empty();
              }
            });
  }

  /** Tickets that are put once it is let go; tells when it comes to that. */
  Tickets held(CountDownLatch reached, CountDownLatch go) {
    return (Tickets)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Tickets.class},
            (proxy, method, arguments) -> {
              reached.countDown();
              go.await();
              return method.invoke(tickets, arguments);
            });
  }

  /** Waits until some statement waits for another's lock. */
  void awaitLockWait() throws Exception {
    TestDatabase.await(
        "it waits for a lock",
        () ->
            count(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'""")
                > 0);
  }
}
