package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepState;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How runs end, beside the commits of their steps. */
@Timeout(60)
class RunEndingsTest extends ProtocolCalls {

  @Test
  void commit_afterTheRunWasCancelled_isFenced() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepClaims.Begun begun = begin(run, "a", 1);
    assertThat(endings.early(run, RunState.CANCELLED, "enough")).isPresent();
    assertThat(endings.early(run, RunState.CANCELLED, "enough")).isEmpty();
    assertThat(commit(begun, "1")).isInstanceOf(StepStore.Fenced.class);
    assertThat(step(run, "a").state()).isEqualTo(StepState.CANCELLED);
    assertThat(step(run, "a").attempts().get(0).failure()).contains("enough");
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
    StepClaims.Begun begun = begin(run, "each", 1);
    Fate.Each each = each(pipeline, run);
    CountDownLatch inserted = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Tickets held = held(inserted, go);
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

  @Test
  void lost_areTheClaimsOfEndedRuns_whoeverHoldsTheStep() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    StepClaims.Claim claim = begin(run, "a", 1).claim();
    update("UPDATE shelfmark_pipeline_runs SET state = 'CANCELLED' WHERE id = ?", run.value());
    assertThat(claims.lost(List.of(claim))).containsExactly(claim);
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
    StepClaims.Claim claim = begin(run, "a", 1).claim();
    endings.early(run, RunState.CANCELLED, "enough");
    assertThat(steps.failed(claim, "IOException: once", Duration.ZERO, 0))
        .isInstanceOf(StepStore.Fenced.class);
  }

  @Test
  void lastCommit_whoseAnswerWasLost_tellsTheEndOfTheRun() throws Exception {
    Step<Integer> a = number("a");
    RunId run =
        start(Pipeline.of("p", Step.named("b", Integer.class).input(a).run((context, n) -> n)));
    StepClaims.Begun first = begin(run, "a", 1);
    commit(first, "1");
    StepClaims.Begun last = begin(run, "b", 1);
    StepStore.Settled ended = (StepStore.Settled) commit(last, "1");
    assertThat(ended.end()).isPresent();
    assertThat(((StepStore.Settled) commit(last, "1")).end()).isEqualTo(ended.end());
    assertThat(((StepStore.Settled) commit(first, "1")).end()).isEmpty();
  }
}
