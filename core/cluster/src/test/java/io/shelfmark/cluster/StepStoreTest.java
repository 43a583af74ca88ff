package io.shelfmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.ResultType;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.Step;
import io.shelfmark.pipeline.StepRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may settle a step, and what can begin then. */
@Timeout(60)
class StepStoreTest extends ProtocolCalls {

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

  private void commitTogether(
      List<String> names, RunId run, java.util.function.Consumer<List<RunEvent.RunEnded>> check)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(names.size());
    CyclicBarrier together = new CyclicBarrier(names.size());
    List<Future<StepStore.Commit>> commits = new ArrayList<>();
    for (String name : names) {
      StepClaims.Begun begun = begin(run, name, 1);
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
    StepClaims.Begun late = begin(run, "a", 1);
    StepClaims.Begun next = begin(run, "a", 1);
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
    StepClaims.Begun begun = begin(run, "a", 1);
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
    StepClaims.Begun begun = begin(run, "a", 1);
    assertThat(steps.failed(begun.claim(), "IOException: once", Duration.ofMinutes(5), 0))
        .isInstanceOf(StepStore.Settled.class);
    assertThat(steps.failed(begun.claim(), "IOException: once", Duration.ofMinutes(5), 0))
        .isInstanceOf(StepStore.Settled.class);
    assertThat(ticketIds()).containsExactly(run + "/a/g1", run + "/a/g2");
    assertThat(tryBegin(run, "a", 1)).isEmpty();
    StepClaims.Begun second = begin(run, "a", 2);
    assertThat(second.failures()).isEqualTo(1);
    assertThat(second.claim().epoch()).isEqualTo(2);
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

  @Test
  void expand_twice_putsElementsOnRecordOnce() throws Exception {
    Step<List<Integer>> list =
        Step.named("list", ResultType.listOf(Integer.class)).run(context -> List.of(4, 5, 6));
    Pipeline<List<Integer>> pipeline =
        Pipeline.of("p", Step.forEach("each", list, Integer.class).run((context, n) -> n));
    RunId run = start(pipeline);
    commit(begin(run, "list", 1), "[4,5,6]");
    StepClaims.Begun begun = begin(run, "each", 1);
    Fate.Each each = each(pipeline, run);
    FanOutStore fanOuts = new FanOutStore(database, tickets);
    assertThat(fanOuts.expand(begun.claim(), each, 0)).isInstanceOf(StepStore.Settled.class);
    assertThat(fanOuts.expand(begun.claim(), each, 0)).isInstanceOf(StepStore.Settled.class);
    assertThat(tryBegin(run, "each", 1)).isEmpty();
    for (int i = 0; i < 3; i++) {
      StepClaims.Begun element = begin(run, "each[" + i + "]", 1);
      assertThat(element.input().orElseThrow().json()).isEqualTo("" + (4 + i));
      commit(element, "" + i);
    }
    StepClaims.Begun whole = begin(run, "each", 2);
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
    StepClaims.Claim kept = begin(run, "a", 1).claim();
    StepClaims.Claim overtaken = begin(run, "b", 1).claim();
    StepClaims.Claim next = begin(run, "b", 1).claim();
    StepClaims.Claim c = begin(run, "c", 1).claim();
    assertThat(claims.lost(List.of(kept, overtaken, next, c))).containsExactly(overtaken);
    runs.pause(run, true);
    assertThat(claims.lost(List.of(kept))).isEmpty();
    endings.early(run, RunState.CANCELLED, "enough");
    assertThat(claims.lost(List.of(kept, next, c))).containsExactly(kept, next, c);
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
  void begin_ofAnotherRunOfThatId_isNothingToDo() throws Exception {
    RunId run = start(Pipeline.of("p", number("a")));
    Instant began = runs.find(run).orElseThrow().start().at();
    TicketId ticket = new TicketId(StepKey.of(run, "a"), 1);
    assertThat(claims.begin(ticket, began.minusMillis(1), "early", List.of())).isEmpty();
    assertThat(claims.begin(ticket, began, "right", List.of())).isPresent();
  }
}
