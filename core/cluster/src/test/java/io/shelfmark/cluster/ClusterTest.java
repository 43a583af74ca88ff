package io.shelfmark.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.Workspace;
import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.storage.BlobInfo;
import io.shelfmark.storage.BlobKey;
import io.shelfmark.storage.BlobStore;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several runners with homes of their own, as in several processes, on one store and database. */
@Timeout(60)
class ClusterTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static TestDatabase server;

  @TempDir Path temporary;
  private final BlobStore store = new InMemoryBlobStore(Clock.systemUTC());
  private final List<AutoCloseable> open = new ArrayList<>();
  private DataSource pool;

  @BeforeAll
  static void startServer() {
    server = TestDatabase.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    pool = server.pool(server.url(server.create()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private ClusterRunnerBuilder process(DataSource connections, BlobStore blobs) {
    Workspace workspace =
        Workspace.builder().store(blobs).home(temporary.resolve("home" + open.size())).open();
    open.add(workspace);
    return ClusterRunner.over(connections, workspace)
        .heartbeat(Duration.ofMillis(250), 4)
        .poll(Duration.ofMillis(20))
        .watch(Duration.ofMillis(50), Duration.ofMillis(300));
  }

  private ClusterRunner opened(ClusterRunnerBuilder builder) {
    ClusterRunner runner = builder.open();
    open.add(runner);
    return runner;
  }

  private ClusterRunner worker(int steps) {
    return opened(process(pool, store).queue("default", steps));
  }

  private static StepRecord step(PipelineRun<?> run, String name) {
    return run.record().step(name).orElseThrow();
  }

  private long count(String sql) throws Exception {
    try (Connection connection = pool.getConnection()) {
      return TestDatabase.number(connection, sql);
    }
  }

  @Test
  void run_startedWhereNoStepsAreDone_isDoneElsewhere() throws Exception {
    ClusterRunner host = opened(process(pool, store));
    ClusterRunner worker = worker(2);
    Step<Integer> a =
        Step.named("a", Integer.class)
            .run(
                context -> {
                  context.log("seen everywhere");
                  return 20;
                });
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("b", Integer.class).input(a).run((c, n) -> n + 1));
    worker.register(pipeline);
    PipelineRun<Integer> run = host.start(pipeline);
    assertThat(run.result()).isEqualTo(21);
    assertThat(host.log(run.id(), "a")).isEqualTo("seen everywhere\n");
    assertThat(worker.log(run.id(), "a")).isEqualTo("seen everywhere\n");
    assertThat(host.runs("p")).containsExactly(run.record());
    assertThat(host.resume()).isEmpty();
    TestDatabase.await(
        "no rows are left",
        () -> count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
  }

  @Test
  void fanOut_onTwoProcesses_callsEachElementOnce() {
    ClusterRunner first = worker(3);
    ClusterRunner second = worker(3);
    AtomicInteger calls = new AtomicInteger();
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class))
            .run(c -> IntStream.range(0, 400).boxed().toList());
    Step<List<Integer>> each =
        Step.forEach("each", list, Integer.class)
            .input(Step.named("shared", Integer.class).run(c -> 10))
            .run(
                (c, n, ten) -> {
                  calls.incrementAndGet();
                  return n * ten;
                });
    Pipeline<List<Integer>> pipeline = Pipeline.of("wide", each);
    second.register(pipeline);
    PipelineRun<List<Integer>> run = first.run(pipeline);
    assertThat(run.result()).isEqualTo(IntStream.range(0, 400).map(n -> n * 10).boxed().toList());
    assertThat(calls).hasValue(400);
    assertThat(run.steps()).hasSize(403);
  }

  @Test
  void fanOut_ofMoreThanAResultHolds_failsAndIsNotRead() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Parameter<List<Integer>> list =
        Parameter.ofList("list", Integer.class, IntStream.range(0, 46).boxed().toList());
    Step<List<Integer>> each =
        Step.forEach("each", list, Integer.class)
            .run(
                (c, n) -> {
                  if (n == 45) {
                    go.await();
                  }
                  return n;
                });
    PipelineRun<List<Integer>> run = worker(2).start(Pipeline.of("large", each));
    TestDatabase.await(
        "all elements but one are settled",
        () ->
            count("SELECT count(*) FROM shelfmark_pipeline_steps WHERE state = 'SUCCEEDED'") == 45);
    try (Connection connection = pool.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, (int) LONG.toMillis());
      Rows.update(
          connection,
          """
          UPDATE shelfmark_pipeline_steps SET result = repeat('1', 5000000), digest = 'unreadable'
          WHERE place = 0""");
      copyResult(connection, 0, 44);
      go.countDown();
      assertThat(run.await(LONG)).isTrue();
      // the record of the run is read after this
      copyResult(connection, 45, 44);
    }
    assertThat(step(run, "each").state()).isEqualTo(StepState.FAILED);
    assertThat(step(run, "each").failure().orElseThrow())
        .startsWith("its result is of 225000002 characters of JSON, expected at most 67108864");
  }

  private static void copyResult(Connection connection, int from, int last) throws Exception {
    Rows.update(
        connection,
        """
        UPDATE shelfmark_pipeline_steps e SET result = o.result, digest = o.digest
        FROM shelfmark_pipeline_steps o
        WHERE e.place BETWEEN 0 AND ? AND e.place <> ? AND o.place = ?""",
        last,
        from,
        from);
  }

  @Test
  void start_underOneIdFromTwoProcesses_happensOnce() {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of("once", Step.named("count", Integer.class).run(c -> calls.incrementAndGet()));
    RunOptions options = RunOptions.defaults().id(RunId.of("nightly-1"));
    PipelineRun<Integer> first = worker(1).start(pipeline, options);
    ClusterRunner second = worker(1);
    assertThat(second.start(pipeline, options).result()).isEqualTo(1);
    assertThat(first.result()).isEqualTo(1);
    Pipeline<Integer> other =
        Pipeline.of("once", Step.named("other", Integer.class).run(c -> calls.incrementAndGet()));
    assertThatThrownBy(() -> second.start(other, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "Cannot start run nightly-1 of pipeline once: found it on record with another graph");
  }

  @Test
  void cancel_inAnotherProcess_interruptsTheStep() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "waiting",
            Step.named("wait", Integer.class)
                .run(
                    c -> {
                      begun.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        interrupted.countDown();
                      }
                      return 1;
                    }));
    PipelineRun<Integer> run = worker(1).start(pipeline);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    opened(process(pool, store)).cancel(run.id(), "not needed");
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(run.await(LONG)).isTrue();
    assertThat(run.record().state()).isEqualTo(RunState.CANCELLED);
    assertThat(step(run, "wait").state()).isEqualTo(StepState.CANCELLED);
  }

  @Test
  void pause_letsStepsEndAndBeginsNoMore_untilResume() throws Exception {
    ClusterRunner worker = worker(2);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Step<Integer> first =
        Step.named("first", Integer.class)
            .run(
                c -> {
                  begun.countDown();
                  go.await();
                  return 1;
                });
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("second", Integer.class).input(first).run((c, n) -> n + 1));
    PipelineRun<Integer> run = worker.start(pipeline);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    worker.pause(run.id());
    go.countDown();
    TestDatabase.await(
        "the second's ticket is dropped",
        () ->
            run.record().step("first").orElseThrow().state() == StepState.SUCCEEDED
                && count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
    assertThat(run.record().step("second")).isEmpty();
    assertThat(run.record().state()).isEqualTo(RunState.RUNNING);
    worker.resume(run.id());
    assertThat(run.result()).isEqualTo(2);
  }

  @Test
  void resume_whileATicketIsBeingDropped_looksOnceMore() throws Exception {
    ClusterRunner host =
        opened(process(pool, store).watch(Duration.ofMillis(50), Duration.ofHours(1)));
    PipelineRun<Integer> run =
        host.start(Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5)));
    String queue = QueueTable.of("default").name();
    host.pause(run.id());
    host.resume(run.id());
    // a worker took it while the run was paused, and drops it now
    try (Connection connection = pool.getConnection()) {
      assertThat(Rows.update(connection, "DELETE FROM " + queue)).isEqualTo(1);
    }
    TestDatabase.await("it has another", () -> count("SELECT count(*) FROM " + queue) == 1);
  }

  @Test
  void foldersOfEndedRuns_areRemoved_andNotThoseOfOthers() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Path runs = temporary.resolve("home0").resolve("cluster").resolve("runs");
    ClusterRunner worker = worker(2);
    PipelineRun<Integer> ended =
        worker.run(Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5)));
    PipelineRun<Integer> going =
        worker.start(
            Pipeline.of(
                "q",
                Step.named("a", Integer.class)
                    .run(
                        context -> {
                          Files.createFile(context.workFolder().resolve("file"));
                          begun.countDown();
                          new CountDownLatch(1).await();
                          return 5;
                        })));
    Path left = Files.createDirectories(runs.resolve(ended.id().value()).resolve("work"));
    Path file = Files.writeString(left.resolve("file"), "left by a process that died");
    Path other = Files.createDirectories(runs.resolve("of-another-cluster"));
    Path forgotten = Files.createDirectories(runs.resolve("forgotten"));
    Files.setLastModifiedTime(forgotten, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    TestDatabase.await("the forgotten is gone", () -> Files.notExists(forgotten));
    assertThat(file).exists();
    try (Connection connection = pool.getConnection()) {
      Rows.update(
          connection, "UPDATE shelfmark_pipeline_runs SET ended_at = ended_at - interval '1 hour'");
    }
    TestDatabase.await(
        "that of the ended run is gone", () -> Files.notExists(runs.resolve(ended.id().value())));
    assertThat(other).exists();
    assertThat(runs.resolve(going.id().value())).isNotEmptyDirectory();
  }

  @Test
  void limit_isKeptByAllProcessesTogether() {
    ClusterRunner first = opened(process(pool, store).queue("gpu", 4).queue("default", 1));
    ClusterRunner second = opened(process(pool, store).queue("gpu", 4));
    first.limit("gpu", 2);
    ClusterRunner third = opened(process(pool, store).queue("gpu", 4));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Parameter<List<Integer>> list =
        Parameter.ofList("list", Integer.class, IntStream.range(0, 30).boxed().toList());
    Pipeline<List<Integer>> pipeline =
        Pipeline.of(
            "limited",
            Step.forEach("each", list, Integer.class)
                .queue("gpu")
                .run(
                    (c, n) -> {
                      most.accumulateAndGet(now.incrementAndGet(), Math::max);
                      Thread.yield();
                      now.decrementAndGet();
                      return n;
                    }));
    List.of(first, second, third).forEach(each -> each.register(pipeline));
    // a limit counts within a look of every process
    first.run(pipeline);
    most.set(0);
    assertThat(first.run(pipeline).result()).hasSize(30);
    assertThat(most).hasValueLessThanOrEqualTo(2);
    first.removeLimit("gpu");
    assertThat(first.run(pipeline).result()).hasSize(30);
    assertThatThrownBy(() -> first.limit("gpu", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Cannot limit queue gpu to 0 steps");
  }

  @Test
  void priority_decidesWhoseStepsBeginFirst() throws Exception {
    ClusterRunner worker = worker(1);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    Parameter<String> name = Parameter.of("name", "");
    Pipeline<Integer> holding =
        Pipeline.of(
            "holding",
            Step.named("hold", Integer.class)
                .run(
                    c -> {
                      begun.countDown();
                      go.await();
                      return 1;
                    }));
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("note", Integer.class)
                .input(name)
                .run(
                    (c, text) -> {
                      order.add(text);
                      return 1;
                    }));
    worker.start(holding);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    List<PipelineRun<Integer>> runs = new ArrayList<>();
    for (int priority : new int[] {0, -5, 7, 3}) {
      runs.add(
          worker.start(
              pipeline, RunOptions.defaults().with(name, "p" + priority).priority(priority)));
    }
    go.countDown();
    runs.forEach(PipelineRun::result);
    assertThat(order).containsExactly("p7", "p3", "p0", "p-5");
  }

  @Test
  void processWithAnotherStore_isRefused() {
    worker(1);
    ClusterRunnerBuilder other = process(pool, new InMemoryBlobStore(Clock.systemUTC()));
    assertThatThrownBy(other::open)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot join the cluster with this workspace's store: found no file")
        .hasMessageContaining("give every worker the same store");
  }

  @Test
  void lostTicket_isFoundByTheReconciler() throws Exception {
    ClusterRunner host = opened(process(pool, store));
    Pipeline<Integer> pipeline = Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5));
    PipelineRun<Integer> run = host.start(pipeline);
    try (Connection connection = pool.getConnection()) {
      assertThat(
              Rows.update(
                  connection,
                  "DELETE FROM %s WHERE task_instance = ?"
                      .formatted(QueueTable.of("default").name()),
                  run.id() + "/a/g1"))
          .isEqualTo(1);
    }
    worker(1).register(pipeline);
    assertThat(run.result()).isEqualTo(5);
  }

  @Test
  void duplicateTickets_makeNoFurtherCommit() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("a", Integer.class).run(c -> calls.incrementAndGet()));
    ClusterRunner worker = worker(4);
    PipelineRun<Integer> run = worker.run(pipeline);
    try (SchedulerTickets tickets =
            new SchedulerTickets(
                new SchedulerTickets.Settings(
                    pool, "other", Heartbeats.defaults(), Duration.ofSeconds(1)));
        Connection connection = pool.getConnection()) {
      // the row came back, as when its removal was lost
      TestDatabase.await(
          "the row is gone",
          () -> count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
      tickets.put(
          connection,
          List.of(
              Ticket.of(run.id() + "/a/g1", "default"), Ticket.of(run.id() + "/a/g2", "default")));
    }
    TestDatabase.await(
        "both are dropped",
        () -> count("SELECT count(*) FROM " + QueueTable.of("default").name()) == 0);
    assertThat(calls).hasValue(1);
    assertThat(step(run, "a").attempts()).hasSize(1);
  }

  @Test
  void processCutOffBetweenArtifactAndCommit_isOvertakenAndFenced() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch overtaken = new CountDownLatch(1);
    Step<ArtifactVersion> publish =
        Step.named("publish", ArtifactVersion.class)
            .run(
                c -> {
                  try (var version = c.newArtifact("model")) {
                    ArtifactVersion made =
                        version
                            .addStream("file", new ByteArrayInputStream("weights".getBytes(UTF_8)))
                            .publish();
                    if (calls.incrementAndGet() == 1) {
                      cuttable.cut();
                      overtaken.await();
                    }
                    return made;
                  }
                });
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("publishing", publish);
    ClusterRunner first = opened(process(cuttable, store).queue("default", 1));
    PipelineRun<ArtifactVersion> run = first.start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    ClusterRunner second = worker(1);
    PipelineRun<ArtifactVersion> same = second.start(pipeline, RunOptions.defaults().id(run.id()));
    ArtifactVersion result = same.result();
    cuttable.heal();
    overtaken.countDown();
    assertThat(first.run(Pipeline.of("next", Step.named("n", Integer.class).run(c -> 1))).result())
        .isEqualTo(1);
    assertThat(calls).hasValue(2);
    assertThat(step(same, "publish").attempts()).hasSize(2);
    assertThat(step(same, "publish").result().orElseThrow().json())
        .isEqualTo('"' + result.ref().toString() + '"');
    assertThat(result.number()).isEqualTo(2);
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_steps WHERE state = 'SUCCEEDED'"))
        .isEqualTo(2);
  }

  @Test
  void processThatLostItsStep_isInterrupted() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("a", Integer.class)
                .run(
                    c -> {
                      if (calls.incrementAndGet() > 1) {
                        return 2;
                      }
                      cuttable.cut();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        interrupted.countDown();
                      }
                      return 1;
                    }));
    PipelineRun<Integer> run = opened(process(cuttable, store).queue("default", 1)).start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    ClusterRunner second = worker(1);
    assertThat(second.start(pipeline, RunOptions.defaults().id(run.id())).result()).isEqualTo(2);
    cuttable.heal();
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  private Pipeline<Integer> version(int number) {
    Step<Integer> a = Step.named("a", Integer.class).run(c -> number);
    Step<Integer> b = Step.named("b" + number, Integer.class).input(a).run((c, n) -> n);
    return Pipeline.of(
        "changing", Step.named("sum", Integer.class).input(a).input(b).run((c, x, y) -> x + y));
  }

  @Test
  void rollingChange_underLoad_everyRunEndsOnItsGraph() {
    Pipeline<Integer> older = version(1);
    Pipeline<Integer> newer = version(2);
    ClusterRunner oldWorker = worker(2);
    oldWorker.register(older);
    ClusterRunner newWorker = worker(2);
    newWorker.register(newer);
    List<PipelineRun<Integer>> ofOld = new ArrayList<>();
    List<PipelineRun<Integer>> ofNew = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ofOld.add(oldWorker.start(older));
      ofNew.add(newWorker.start(newer));
    }
    assertThat(ofOld).allSatisfy(run -> assertThat(run.result()).isEqualTo(2));
    assertThat(ofNew).allSatisfy(run -> assertThat(run.result()).isEqualTo(4));
    assertThat(ofOld)
        .allSatisfy(
            run -> {
              assertThat(run.record().graph()).isEqualTo(older.graph().digest());
              assertThat(run.steps())
                  .extracting(StepRecord::name)
                  .containsExactlyInAnyOrder("a", "b1", "sum");
            });
  }

  @Test
  void close_leavesItsStepsToOthers() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("a", Integer.class)
                .run(
                    c -> {
                      if (calls.incrementAndGet() == 1) {
                        begun.countDown();
                        new CountDownLatch(1).await();
                      }
                      return calls.get();
                    }));
    ClusterRunner first = process(pool, store).queue("default", 1).open();
    PipelineRun<Integer> run = first.start(pipeline);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    first.close();
    assertThatThrownBy(run::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed; the run goes on");
    assertThatThrownBy(() -> first.start(pipeline))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    ClusterRunner second = worker(1);
    second.register(pipeline);
    List<PipelineRun<?>> resumed = second.resume();
    assertThat(resumed).singleElement().satisfies(r -> assertThat(r.result()).isEqualTo(2));
    first.close();
  }

  @Test
  void drain_waitsForStepsAndBeginsNoMore() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Step<Integer> a =
        Step.named("a", Integer.class)
            .run(
                c -> {
                  begun.countDown();
                  go.await();
                  return 1;
                });
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("b", Integer.class).input(a).run((c, n) -> n + 1));
    ClusterRunner first = worker(1);
    PipelineRun<Integer> run = first.start(pipeline);
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    Thread draining = new Thread(() -> first.drain(LONG));
    draining.start();
    go.countDown();
    draining.join(30_000);
    assertThat(draining.isAlive()).isFalse();
    assertThat(step(run, "a").state()).isEqualTo(StepState.SUCCEEDED);
    assertThat(step(run, "a").attempts()).hasSize(1);
    worker(1).register(pipeline);
    assertThat(run.result()).isEqualTo(2);
  }

  @Test
  void listeners_hearWhatTheirProcessDoes() throws Exception {
    ConcurrentLinkedQueue<RunEvent> starting = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<RunEvent> working = new ConcurrentLinkedQueue<>();
    ClusterRunner host = opened(process(pool, store).listener(starting::add));
    ClusterRunner worker = opened(process(pool, store).queue("default", 1).listener(working::add));
    Pipeline<Integer> pipeline = Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5));
    worker.register(pipeline);
    host.run(pipeline);
    TestDatabase.await("all is told", () -> starting.size() == 1 && working.size() == 3);
    assertThat(starting.peek()).isInstanceOf(RunEvent.RunStarted.class);
    assertThat(working)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("AttemptStarted", "StepEnded", "RunEnded");
  }

  @Test
  void retention_removesOldRunsAndTheirLogs() throws Exception {
    ClusterRunner runner =
        opened(process(pool, store).queue("default", 1).retention(RetentionRule.keepLast(2)));
    Pipeline<Integer> pipeline =
        Pipeline.of(
            "p",
            Step.named("a", Integer.class)
                .run(
                    context -> {
                      context.log("a line");
                      return 5;
                    }));
    List<PipelineRun<Integer>> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(runner.run(pipeline));
    }
    TestDatabase.await("two are left", () -> runner.runs("p").size() == 2);
    assertThat(runner.find(runs.get(0).id())).isEmpty();
    assertThat(runner.log(runs.get(0).id(), "a")).isEmpty();
    assertThat(runner.log(runs.get(3).id(), "a")).isEqualTo("a line\n");
    runner.forget(runs.get(3).id());
    assertThat(runner.runs("p")).extracting(RunRecord::id).containsExactly(runs.get(2).id());
    assertThat(count("SELECT count(*) FROM shelfmark_pipeline_steps")).isEqualTo(2);
    PipelineRun<Integer> waiting =
        runner.start(
            Pipeline.of(
                "p",
                Step.named("b", Integer.class)
                    .run(
                        context -> {
                          new CountDownLatch(1).await();
                          return 1;
                        })));
    assertThatThrownBy(() -> runner.forget(waiting.id()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot forget run " + waiting.id());
  }

  @Test
  void id_usedAgainAfterForget_isAnotherRun() {
    ClusterRunner runner = worker(1);
    Parameter<Integer> number = Parameter.of("number", 0);
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("a", Integer.class).input(number).run((c, n) -> n));
    RunOptions options = RunOptions.defaults().id(RunId.of("again"));
    assertThat(runner.run(pipeline, options.with(number, 1)).result()).isEqualTo(1);
    runner.forget(RunId.of("again"));
    assertThat(runner.run(pipeline, options.with(number, 2)).result()).isEqualTo(2);
  }

  @Test
  void result_ofARunThatWasForgotten_saysSo() {
    ClusterRunner runner = worker(1);
    Pipeline<Integer> pipeline = Pipeline.of("p", Step.named("a", Integer.class).run(c -> 1));
    PipelineRun<Integer> run = runner.run(pipeline);
    runner.forget(run.id());
    assertThat(run.await(LONG)).isTrue();
    assertThatThrownBy(run::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Cannot read run " + run.id() + " of ")
        .hasMessageContaining("no longer on record");
  }

  private List<String> references() throws Exception {
    List<BlobKey> keys;
    try (Stream<BlobInfo> blobs = store.list("references/")) {
      keys = blobs.map(BlobInfo::key).toList();
    }
    List<String> found = new ArrayList<>();
    for (BlobKey key : keys) {
      try (InputStream stream = store.open(key)) {
        found.add(new String(stream.readAllBytes(), UTF_8));
      }
    }
    return found;
  }

  @Test
  void lateAttempt_neitherTakesTheWinnersVersionsNorKeepsItsOwn() throws Exception {
    CuttableConnections cuttable = new CuttableConnections(pool);
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch overtaken = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Step<ArtifactVersion> publish =
        Step.named("publish", ArtifactVersion.class)
            .run(
                c -> {
                  try (var version = c.newArtifact("model")) {
                    ArtifactVersion made =
                        version
                            .addStream("file", new ByteArrayInputStream("weights".getBytes(UTF_8)))
                            .publish();
                    if (calls.incrementAndGet() == 1) {
                      cuttable.cut();
                      overtaken.await();
                    }
                    return made;
                  }
                });
    Step<ArtifactVersion> hold =
        Step.named("hold", ArtifactVersion.class)
            .input(publish)
            .run(
                (c, version) -> {
                  held.countDown();
                  end.await();
                  return version;
                });
    Pipeline<ArtifactVersion> pipeline = Pipeline.of("publishing", hold);
    ClusterRunner first = opened(process(cuttable, store).queue("default", 1));
    PipelineRun<ArtifactVersion> run = first.start(pipeline);
    TestDatabase.await("the first has called it", () -> calls.get() == 1);
    PipelineRun<ArtifactVersion> same =
        worker(1).start(pipeline, RunOptions.defaults().id(run.id()));
    assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
    List<String> ofWinner = references();
    assertThat(ofWinner).hasSize(1);
    overtaken.countDown();
    TestDatabase.await("the late one has kept its version", () -> references().size() == 2);
    cuttable.heal();
    TestDatabase.await("it keeps it no longer", () -> references().equals(ofWinner));
    end.countDown();
    assertThat(same.result().number()).isEqualTo(2);
    TestDatabase.await("the run keeps nothing", () -> references().isEmpty());
  }
}
