package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.pipeline.OpenLineage;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.pipeline.StepState;
import io.shelfmark.storage.StorageException;
import io.shelfmark.testing.InMemoryBlobStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What several processes do together. */
@Timeout(60)
class ClusterTest extends ClusterProcesses {

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
  void processWithAnotherStore_isRefused() {
    worker(1);
    ClusterRunnerBuilder other = process(pool, new InMemoryBlobStore(Clock.systemUTC()));
    assertThatThrownBy(other::open)
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Cannot join the cluster with this workspace's store: found no file")
        .hasMessageContaining("give every worker the same store");
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
  void lineage_whereOnlyStepsAreDone_knowsTheRunFromItsRecord() throws Exception {
    Path file = temporary.resolve("lineage.json");
    ClusterRunner host = opened(process(pool, store));
    try (OpenLineage lineage = OpenLineage.toFile(file).open()) {
      ClusterRunner worker = opened(process(pool, store).queue("default", 1).listener(lineage));
      Pipeline<Integer> pipeline =
          Pipeline.of("p", Step.named("a", Integer.class).run(context -> 1));
      worker.register(pipeline);
      assertThat(host.run(pipeline).result()).isEqualTo(1);
      worker.close(); // what has happened is told first
    }
    assertThat(Files.readAllLines(file))
        .anyMatch(event -> event.contains("\"COMPLETE\"") && event.contains("\"p.a\""));
  }
}
