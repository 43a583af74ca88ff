package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.Parameter;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunOptions;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who decides about runs, from any process: cancel, pause, limits, priorities, what is kept. */
@Timeout(60)
class ClusterControlTest extends ClusterProcesses {

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
  void pause_letsStepsEndAndBeginsNoMore_untilUnpause() throws Exception {
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
    worker.unpause(run.id());
    assertThat(run.result()).isEqualTo(2);
  }

  @Test
  void unpause_whileATicketIsBeingDropped_looksOnceMore() throws Exception {
    ClusterRunner host =
        opened(process(pool, store).watch(Duration.ofMillis(50), Duration.ofHours(1)));
    PipelineRun<Integer> run =
        host.start(Pipeline.of("p", Step.named("a", Integer.class).run(context -> 5)));
    String queue = QueueTable.of("default").name();
    host.pause(run.id());
    host.unpause(run.id());
    // a worker took it while the run was paused, and drops it now
    try (Connection connection = pool.getConnection()) {
      assertThat(Rows.update(connection, "DELETE FROM " + queue)).isEqualTo(1);
    }
    TestDatabase.await("it has another", () -> count("SELECT count(*) FROM " + queue) == 1);
  }

  @Test
  void stepWhoseWorkerIsLostAgainAndAgain_fails_andIsNotCalled() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Pipeline<Integer> pipeline =
        Pipeline.of("p", Step.named("deadly", Integer.class).run(c -> calls.incrementAndGet()));
    PipelineRun<Integer> run = opened(process(pool, store)).start(pipeline);
    try (Connection connection = pool.getConnection()) {
      assertThat(
              Rows.update(
                  connection,
                  "UPDATE shelfmark_pipeline_steps SET epoch = ? WHERE run = ? AND node = 'deadly'",
                  StepHandler.MOST_LOST,
                  run.id().value()))
          .isEqualTo(1);
      Rows.update(
          connection,
          """
          INSERT INTO shelfmark_pipeline_attempts (run, node, place, epoch, began_at)
          SELECT run, node, place, number, clock_timestamp()
          FROM shelfmark_pipeline_steps, generate_series(1, ?) AS number
          WHERE run = ? AND node = 'deadly'""",
          StepHandler.MOST_LOST,
          run.id().value());
    }
    worker(1).register(pipeline);
    assertThat(run.await(LONG)).isTrue();
    assertThat(step(run, "deadly").state()).isEqualTo(StepState.FAILED);
    assertThat(step(run, "deadly").failure().orElseThrow()).contains("worker was lost 20 times");
    assertThat(calls).hasValue(0);
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
}
