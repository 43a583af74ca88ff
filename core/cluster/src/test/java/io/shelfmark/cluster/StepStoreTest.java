package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.shelfmark.Workspace;
import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunState;
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
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, call by call: no queue is taken from. */
@Timeout(60)
class StepStoreTest {

  private static TestDatabase server;

  @TempDir Path temporary;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private HikariDataSource pool;
  private Database database;
  private SchedulerTickets tickets;
  private StepStore steps;
  private RunStore runs;
  private RunEndings endings;
  private Records records;
  private Workspace workspace;
  private StepWorker worker;

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

  private static Step<Integer> number(String name) {
    return Step.named(name, Integer.class).run(context -> 1);
  }

  private RunId start(Pipeline<?> pipeline) {
    RunEvent.RunStarted start = worker.start(pipeline, RunOptions.defaults(), Instant.now());
    assertThat(runs.create(start, StepWorker.shapes(pipeline), 0)).isTrue();
    assertThat(runs.create(start, StepWorker.shapes(pipeline), 0)).isFalse();
    return start.run();
  }

  private static Fate.Ended gave(String json) {
    return new Fate.Ended(
        StepState.SUCCEEDED,
        Optional.of(
            new StepResult(json, Digest.of(json.getBytes(UTF_8)), List.of(), Optional.empty())),
        Optional.empty());
  }

  private StepStore.Begun begin(RunId run, String step, int generation) throws SQLException {
    return tryBegin(run, step, generation).orElseThrow();
  }

  private Optional<StepStore.Begun> tryBegin(RunId run, String step, int generation)
      throws SQLException {
    return steps.begin(
        new TicketId(StepKey.parse(run, step), generation),
        runs.find(run).orElseThrow().start().at(),
        "holder-" + System.nanoTime(),
        List.of());
  }

  private StepStore.Commit commit(StepStore.Begun begun, String json) throws SQLException {
    return steps.commit(begun.claim(), gave(json), StepStore.Attempted.YES, 0);
  }

  private List<String> ticketIds() throws SQLException {
    try (Connection connection = pool.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT task_instance FROM %s ORDER BY 1"
                    .formatted(QueueTable.of("default").name()))) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  private StepRecord step(RunId run, String name) {
    return records.find(run).orElseThrow().step(name).orElseThrow();
  }

  @Test
  void begin_again_raisesTheEpochAndNotesTheLostAttempt() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    assertThat(begin(run, "a", 1).claim().epoch()).isEqualTo(1);
    assertThat(begin(run, "a", 1).claim().epoch()).isEqualTo(2);
    assertThat(step(run, "a").attempts())
        .extracting(StepRecord.Attempt::number)
        .containsExactly(1, 2);
    assertThat(step(run, "a").attempts().get(0).endedAt()).isEmpty();
  }

  @Test
  void commit_ofWhoWasOvertaken_isFenced() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepStore.Begun late = begin(run, "a", 1);
    StepStore.Begun next = begin(run, "a", 1);
    assertThat(commit(late, "1")).isInstanceOf(StepStore.Fenced.class);
    assertThat(commit(next, "2")).isInstanceOf(StepStore.Settled.class);
    assertThat(commit(late, "1")).isInstanceOf(StepStore.Fenced.class);
    assertThat(step(run, "a").result().orElseThrow().json()).isEqualTo("2");
    assertThat(tryBegin(run, "a", 1)).isEmpty();
  }

  @Test
  void commit_whoseAnswerWasLost_isSettledOnce() throws Exception {
    Step<Integer> a = number("a");
    RunId run =
        start(Pipeline.of("p", Step.named("b", Integer.class).input(a).run((context, n) -> n)));
    StepStore.Begun begun = begin(run, "a", 1);
    assertThat(commit(begun, "1")).isInstanceOf(StepStore.Settled.class);
    assertThat(commit(begun, "1")).isInstanceOf(StepStore.Settled.class);
    // another result under the same claim is not the one on record
    assertThat(commit(begun, "7")).isInstanceOf(StepStore.Fenced.class);
    assertThat(ticketIds()).containsExactly(run + "/a/g1", run + "/b/g1");
    assertThat(step(run, "a").attempts()).hasSize(1);
  }

  @Test
  void begin_ofAnOldTicket_isNothingToDo() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepStore.Begun begun = begin(run, "a", 1);
    assertThat(steps.failed(begun.claim(), "IOException: once", Duration.ofMinutes(5), 0))
        .isInstanceOf(StepStore.Settled.class);
    assertThat(steps.failed(begun.claim(), "IOException: once", Duration.ofMinutes(5), 0))
        .isInstanceOf(StepStore.Settled.class);
    assertThat(ticketIds()).containsExactly(run + "/a/g1", run + "/a/g2");
    assertThat(tryBegin(run, "a", 1)).isEmpty();
    StepStore.Begun second = begin(run, "a", 2);
    assertThat(second.failures()).isEqualTo(1);
    assertThat(second.claim().epoch()).isEqualTo(2);
  }

  @Test
  void commit_afterTheRunWasCancelled_isFenced() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepStore.Begun begun = begin(run, "a", 1);
    assertThat(endings.early(run, RunState.CANCELLED, "enough")).isPresent();
    assertThat(endings.early(run, RunState.CANCELLED, "enough")).isEmpty();
    assertThat(commit(begun, "1")).isInstanceOf(StepStore.Fenced.class);
    assertThat(step(run, "a").state()).isEqualTo(StepState.CANCELLED);
    assertThat(step(run, "a").attempts().get(0).failure()).contains("enough");
  }

  @Test
  void commits_ofAllSourcesAtOnce_giveOneTicket() throws Exception {
    List<Step<Integer>> sources = IntStream.range(0, 8).mapToObj(i -> number("s" + i)).toList();
    Step<Integer> all =
        Step.named("all", Integer.class).inputs(sources).run((context, list) -> list.size());
    Step<Integer> other =
        Step.named("other", Integer.class).inputs(sources).run((context, list) -> list.size());
    for (int round = 0; round < 5; round++) {
      RunId run = start(Pipeline.of("p", all, other));
      commitTogether(
          IntStream.range(0, 8).mapToObj(i -> "s" + i).toList(),
          run,
          ended -> assertThat(ended).isEmpty());
      assertThat(ticketIds())
          .filteredOn(id -> id.startsWith(run.value()) && !id.contains("/s"))
          .containsExactly(run + "/all/g1", run + "/other/g1");
      commitTogether(
          List.of("all", "other"),
          run,
          ended ->
              assertThat(ended)
                  .singleElement()
                  .satisfies(end -> assertThat(end.state()).isEqualTo(RunState.SUCCEEDED)));
    }
  }

  private void commitTogether(
      List<String> names, RunId run, java.util.function.Consumer<List<RunEvent.RunEnded>> check)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(names.size());
    CyclicBarrier together = new CyclicBarrier(names.size());
    List<Future<StepStore.Commit>> commits = new ArrayList<>();
    for (String name : names) {
      StepStore.Begun begun = begin(run, name, 1);
      commits.add(
          threads.submit(
              () -> {
                together.await();
                return commit(begun, "1");
              }));
    }
    List<RunEvent.RunEnded> ended = new ArrayList<>();
    for (Future<StepStore.Commit> commit : commits) {
      ((StepStore.Settled) commit.get()).end().ifPresent(ended::add);
    }
    threads.shutdown();
    check.accept(ended);
  }

  @Test
  void expand_twice_putsElementsOnRecordOnce() throws Exception {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class)).run(context -> List.of(4, 5, 6));
    Pipeline<List<Integer>> pipeline =
        Pipeline.of("p", Step.forEach("each", list, Integer.class).run((context, n) -> n));
    RunId run = start(pipeline);
    commit(begin(run, "list", 1), "[4,5,6]");
    StepStore.Begun begun = begin(run, "each", 1);
    Fate.Each each = each(pipeline, run);
    FanOutStore fanOuts = new FanOutStore(database, tickets);
    assertThat(fanOuts.expand(begun.claim(), each, 0)).isInstanceOf(StepStore.Settled.class);
    assertThat(fanOuts.expand(begun.claim(), each, 0)).isInstanceOf(StepStore.Settled.class);
    assertThat(tryBegin(run, "each", 1)).isEmpty();
    for (int i = 0; i < 3; i++) {
      StepStore.Begun element = begin(run, "each[" + i + "]", 1);
      assertThat(element.input().orElseThrow().json()).isEqualTo("" + (4 + i));
      commit(element, "" + i);
    }
    StepStore.Begun whole = begin(run, "each", 2);
    assertThat(whole.isExpanded()).isTrue();
    assertThat(fanOuts.elements(whole.claim().step()))
        .extracting(end -> end.result().orElseThrow().json())
        .containsExactly("0", "1", "2");
  }

  @Test
  void reconciler_findsTheStepsWhoseTicketIsGone() throws Exception {
    Step<Integer> a = number("a");
    RunId run =
        start(
            Pipeline.of(
                "p", Step.named("b", Integer.class).input(a).run((context, n) -> n), number("c")));
    Reconciler reconciler = new Reconciler(database, tickets);
    assertThat(reconciler.next()).isZero();
    try (Connection connection = pool.getConnection()) {
      Rows.update(
          connection,
          "DELETE FROM %s WHERE task_instance = ?".formatted(QueueTable.of("default").name()),
          run + "/a/g1");
    }
    assertThat(reconciler.next()).isEqualTo(1);
    assertThat(reconciler.next()).isZero();
    assertThat(ticketIds()).containsExactly(run + "/a/g2", run + "/c/g1");
    assertThat(tryBegin(run, "a", 1)).isEmpty();
    assertThat(begin(run, "a", 2).claim().epoch()).isEqualTo(1);
  }

  @Test
  void lost_areTheClaimsThatHoldNoLonger() throws Exception {
    RunId run = start(Pipeline.of("p", number("a"), number("b"), number("c")));
    StepStore.Claim kept = begin(run, "a", 1).claim();
    StepStore.Claim overtaken = begin(run, "b", 1).claim();
    StepStore.Claim next = begin(run, "b", 1).claim();
    StepStore.Claim c = begin(run, "c", 1).claim();
    assertThat(steps.lost(List.of(kept, overtaken, next, c))).containsExactly(overtaken);
    runs.pause(run, true);
    assertThat(steps.lost(List.of(kept))).isEmpty();
    endings.early(run, RunState.CANCELLED, "enough");
    assertThat(steps.lost(List.of(kept, next, c))).containsExactly(kept, next, c);
  }

  @Test
  void pausedRun_beginsNothing() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    runs.pause(run, true);
    assertThat(tryBegin(run, "a", 1)).isEmpty();
    runs.pause(run, false);
    assertThat(tryBegin(run, "a", 1)).isPresent();
  }

  @Test
  void limits_giveAPlaceToAStepAndNotToItsProcess() throws Exception {
    RunId run = RunId.of("r");
    Limits limits = new Limits(database);
    limits.set("gpu", 2);
    limits.look();
    assertThat(limits.isLimited("gpu")).isTrue();
    assertThat(limits.take(StepKey.of(run, "a"), "gpu")).isTrue();
    assertThat(limits.take(StepKey.of(run, "b"), "gpu")).isTrue();
    assertThat(limits.take(StepKey.of(run, "c"), "gpu")).isFalse();
    assertThat(limits.take(StepKey.of(run, "a"), "gpu")).as("taken over").isTrue();
    limits.give(StepKey.of(run, "b"));
    assertThat(limits.take(StepKey.of(run, "c"), "gpu")).isTrue();
    limits.remove("gpu");
    assertThat(limits.take(StepKey.of(run, "d"), "gpu")).isTrue();
  }

  @Test
  void tables_areMadeOnceByManyProcesses() throws Exception {
    Database empty = new Database(server.pool(server.url(server.create())));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    CyclicBarrier together = new CyclicBarrier(3);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(
          threads.submit(
              () -> {
                together.await();
                Migrations.run(empty);
                return true;
              }));
    }
    for (Future<?> each : all) {
      assertThat(each.get()).isEqualTo(true);
    }
    threads.shutdown();
  }

  @Test
  void tables_ofAProcessKilledBetweenHistoryAndBaseline_areMade() throws Exception {
    Database half = new Database(server.pool(server.url(server.create())));
    try (Connection connection = half.source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE of_the_host (id int)");
      statement.execute(
          """
          CREATE TABLE shelfmark_pipeline_schema_history (installed_rank int NOT NULL PRIMARY KEY,
            version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,
            script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
            installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL,
            success boolean NOT NULL)""");
    }
    Migrations.run(half);
    assertThat(runsOf(half)).isZero();
  }

  private static long runsOf(Database database) throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      return TestDatabase.number(connection, "SELECT count(*) FROM shelfmark_pipeline_runs");
    }
  }

  private long count(String sql) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return TestDatabase.number(connection, sql);
    }
  }

  private void update(String sql, Object... values) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      assertThat(Rows.update(connection, sql, values)).isPositive();
    }
  }

  @Test
  void together_brokenByAnError_leavesNothing() throws Exception {
    assertThatThrownBy(
            () ->
                database.together(
                    connection -> {
                      Rows.update(
                          connection, "INSERT INTO shelfmark_pipeline_limits VALUES ('gpu', 1)");
                      throw new StackOverflowError("broken");
                    }))
        .isInstanceOf(StackOverflowError.class);
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_limits")).isZero();
  }

  @Test
  void together_thatCannotRollBack_givesTheConnectionUp() throws Exception {
    AtomicBoolean aborted = new AtomicBoolean();
    try (Connection real = pool.getConnection()) {
      Connection broken =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("rollback")) {
                      throw new SQLException("away", "08006");
                    }
                    if (method.getName().equals("abort")) {
                      aborted.set(true);
                      real.rollback();
                      return null;
                    }
                    return method.invoke(real, arguments);
                  });
      DataSource source =
          (DataSource)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {DataSource.class},
                  (proxy, method, arguments) -> broken);
      assertThatThrownBy(
              () ->
                  new Database(source)
                      .together(
                          connection -> {
                            Rows.update(
                                connection,
                                "INSERT INTO shelfmark_pipeline_limits VALUES ('gpu', 1)");
                            throw new IllegalStateException("broken");
                          }))
          .hasMessage("broken");
    }
    assertThat(aborted).isTrue();
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_limits")).isZero();
  }

  @Test
  void databaseThatCutsAnIdleTransactionOff_isAway() {
    assertThat(Database.isAway(new SQLException("cut off", "25P03"))).isTrue();
    assertThat(Database.isAway(new SQLException("syntax", "42601"))).isFalse();
  }

  @Test
  void begin_ofAnotherRunOfThatId_isNothingToDo() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    Instant began = runs.find(run).orElseThrow().start().at();
    TicketId ticket = new TicketId(StepKey.of(run, "a"), 1);
    assertThat(steps.begin(ticket, began.minusMillis(1), "early", List.of())).isEmpty();
    assertThat(steps.begin(ticket, began, "right", List.of())).isPresent();
  }

  @Test
  void endedRun_whoseAttemptsMayHaveKeptVersions_isToBeReleased() throws Exception {
    RunId clean = start(Pipeline.of("p", number("a")));
    commit(begin(clean, "a", 1), "1");
    assertThat(runs.toRelease(null)).isEmpty();
    RunId lost = start(Pipeline.of("p", number("a")));
    begin(lost, "a", 1);
    commit(begin(lost, "a", 1), "1");
    RunId failed = start(Pipeline.of("p", number("a")));
    steps.failed(begin(failed, "a", 1).claim(), "IOException: once", Duration.ZERO, 0);
    commit(begin(failed, "a", 2), "1");
    assertThat(runs.toRelease(null)).containsExactlyInAnyOrder(lost, failed);
  }

  private void awaitLockWait() throws Exception {
    TestDatabase.await(
        "it waits for a lock",
        () ->
            count(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'""")
                > 0);
  }

  /** As a commit of step z does, statement by statement. */
  @Test
  void cancel_duringACommit_waitsForItAndNotItForTheCancel() throws Exception {
    Step<Integer> z = number("z");
    RunId run =
        start(Pipeline.of("p", Step.named("a", Integer.class).input(z).run((context, n) -> n)));
    begin(run, "z", 1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    Future<Optional<RunEvent.RunEnded>> cancelled;
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      Rows.update(connection, "SET LOCAL deadlock_timeout = '10ms'");
      Rows.update(
          connection,
          """
          UPDATE shelfmark_pipeline_steps SET state = 'SUCCEEDED', holder = NULL
          WHERE run = ? AND node = 'z'""",
          run.value());
      cancelled = threads.submit(() -> endings.early(run, RunState.CANCELLED, "enough"));
      awaitLockWait();
      Rows.update(
          connection,
          """
          INSERT INTO shelfmark_pipeline_attempts
          SELECT run, node, place, epoch, began_at, clock_timestamp(), NULL
          FROM shelfmark_pipeline_steps WHERE run = ? AND node = 'z'""",
          run.value());
      Rows.update(
          connection,
          "UPDATE shelfmark_pipeline_steps SET missing = 0 WHERE run = ? AND node = 'a'",
          run.value());
      connection.commit();
      connection.setAutoCommit(true);
    }
    assertThat(cancelled.get()).isPresent();
    threads.shutdown();
    assertThat(step(run, "z").state()).isEqualTo(StepState.SUCCEEDED);
    assertThat(step(run, "z").attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.failure()).isEmpty());
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_steps WHERE state = 'CANCELLED'"))
        .isEqualTo(1);
  }

  @Test
  void cancel_duringAnExpansion_reachesTheElements() throws Exception {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class)).run(context -> List.of(4, 5, 6));
    Pipeline<List<Integer>> pipeline =
        Pipeline.of("p", Step.forEach("each", list, Integer.class).run((context, n) -> n));
    RunId run = start(pipeline);
    commit(begin(run, "list", 1), "[4,5,6]");
    StepStore.Begun begun = begin(run, "each", 1);
    Fate.Each each = each(pipeline, run);
    CountDownLatch inserted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Tickets held =
        (Tickets)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Tickets.class},
                (proxy, method, arguments) -> {
                  inserted.countDown();
                  go.await();
                  return method.invoke(tickets, arguments);
                });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    Future<StepStore.Commit> expansion =
        threads.submit(() -> new FanOutStore(database, held).expand(begun.claim(), each, 0));
    inserted.await();
    Future<Optional<RunEvent.RunEnded>> cancelled =
        threads.submit(() -> endings.early(run, RunState.CANCELLED, "enough"));
    awaitLockWait();
    go.countDown();
    assertThat(expansion.get()).isInstanceOf(StepStore.Settled.class);
    assertThat(cancelled.get()).isPresent();
    threads.shutdown();
    assertThat(
            count(
                "SELECT count(*) FROM shelfmark_pipeline_steps WHERE node = 'each' AND state = 'CANCELLED'"))
        .isEqualTo(4);
  }

  private Fate.Each each(Pipeline<?> pipeline, RunId run) throws SQLException {
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

  @Test
  void lost_areTheClaimsOfEndedRuns_whoeverHoldsTheStep() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepStore.Claim claim = begin(run, "a", 1).claim();
    update("UPDATE shelfmark_pipeline_runs SET state = 'CANCELLED' WHERE id = ?", run.value());
    assertThat(steps.lost(List.of(claim))).containsExactly(claim);
  }

  @Test
  void ended_isARunThatIsNotOnRecord() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    RunId none = RunId.of("none");
    assertThat(runs.ended(List.of(run, none))).containsExactly(none);
  }

  @Test
  void failed_afterACancelNotedTheAttempt_isFenced() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepStore.Claim claim = begin(run, "a", 1).claim();
    endings.early(run, RunState.CANCELLED, "enough");
    assertThat(steps.failed(claim, "IOException: once", Duration.ZERO, 0))
        .isInstanceOf(StepStore.Fenced.class);
  }

  @Test
  void lastCommit_whoseAnswerWasLost_tellsTheEndOfTheRun() throws Exception {
    Step<Integer> a = number("a");
    RunId run =
        start(Pipeline.of("p", Step.named("b", Integer.class).input(a).run((context, n) -> n)));
    StepStore.Begun first = begin(run, "a", 1);
    commit(first, "1");
    StepStore.Begun last = begin(run, "b", 1);
    StepStore.Settled ended = (StepStore.Settled) commit(last, "1");
    assertThat(ended.end()).isPresent();
    assertThat(((StepStore.Settled) commit(last, "1")).end()).isEqualTo(ended.end());
    assertThat(((StepStore.Settled) commit(first, "1")).end()).isEmpty();
  }
}
