package io.shelfmark.inference.batching;

import static io.shelfmark.inference.batching.GatedStage.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One lane and a stage that waits for the test. */
@Timeout(60)
class BatcherTest {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(30);

  private final GatedStage stage = new GatedStage();
  private final List<Batcher<String, String>> opened = new ArrayList<>();

  private Batcher<String, String> batcher(int maxBatch, Duration delay, int queue, WhenFull full) {
    Batcher<String, String> batcher =
        new Batcher<>(new BatchLimits(1, maxBatch, delay, queue, full), stage);
    opened.add(batcher);
    return batcher;
  }

  private Batcher<String, String> batcher(int maxBatch) {
    return batcher(maxBatch, Duration.ZERO, 100, WhenFull.WAIT);
  }

  @AfterEach
  void end() {
    stage.gate.release(ALL);
    opened.forEach(Batcher::close);
  }

  private static Request by(String caller) {
    return new Request(caller, Priority.INTERACTIVE, Deadline.never());
  }

  private static Request bulk(String caller) {
    return new Request(caller, Priority.BULK, Deadline.never());
  }

  private static Request within(Duration time) {
    return new Request("hasty", Priority.INTERACTIVE, Deadline.in(time));
  }

  private static <V> V get(Future<V> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  /** Has the lane taken, so that what comes next waits. */
  private CompletableFuture<String> occupy(Batcher<String, String> batcher) throws Exception {
    CompletableFuture<String> first = batcher.submit("first", by("first"));
    stage.begun.acquire();
    return first;
  }

  private static List<CompletableFuture<String>> submit(
      Batcher<String, String> batcher, Request request, String... items) throws Exception {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (String item : items) {
      answers.add(batcher.submit(item, request));
    }
    return answers;
  }

  @Test
  void submit_laneBusy_nextBatchIsWhatWaitedUpToTheMaximum() throws Exception {
    Batcher<String, String> batcher = batcher(3);
    CompletableFuture<String> first = occupy(batcher);
    List<CompletableFuture<String>> rest = submit(batcher, by("a"), "a1", "a2", "a3", "a4");
    stage.gate.release(ALL);

    assertThat(get(first)).isEqualTo("answer to first");
    for (int i = 0; i < rest.size(); i++) {
      assertThat(get(rest.get(i))).isEqualTo("answer to a" + (i + 1));
    }
    assertThat(stage.batches)
        .containsExactly(List.of("first"), List.of("a1", "a2", "a3"), List.of("a4"));
  }

  @Test
  void submit_severalCallers_takeTurnsAndKeepTheirOrder() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    occupy(batcher);
    List<CompletableFuture<String>> all = new ArrayList<>();
    all.addAll(submit(batcher, by("a"), "a1", "a2", "a3", "a4"));
    all.addAll(submit(batcher, by("b"), "b1", "b2"));
    all.addAll(submit(batcher, by("c"), "c1"));
    stage.gate.release(ALL);
    for (CompletableFuture<String> each : all) {
      get(each);
    }

    assertThat(stage.items()).containsExactly("first", "a1", "b1", "c1", "a2", "b2", "a3", "a4");
  }

  @Test
  void submit_interactiveAndBulk_bulkLeadsOneInEight() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    occupy(batcher);
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(batcher.submit("bulk" + i, bulk("b")));
    }
    for (int i = 0; i < 16; i++) {
      all.add(batcher.submit("i" + i, by("i")));
    }
    stage.gate.release(ALL);
    for (CompletableFuture<String> each : all) {
      get(each);
    }

    List<String> order = stage.items();
    assertThat(order.indexOf("bulk0")).isEqualTo(8);
    assertThat(order.indexOf("bulk1")).isEqualTo(16);
    assertThat(order.indexOf("bulk2")).isEqualTo(19);
  }

  @Test
  void submit_otherBucketsAndSizes_shareNoBatch() throws Exception {
    Batcher<String, String> batcher = batcher(4);
    occupy(batcher);
    List<CompletableFuture<String>> all = new ArrayList<>();
    all.addAll(submit(batcher, by("a"), "wide:1"));
    all.addAll(submit(batcher, by("b"), "narrow:1"));
    all.addAll(submit(batcher, by("c"), "wide:2"));
    all.addAll(submit(batcher, by("d"), "large1", "large2"));
    all.addAll(submit(batcher, by("e"), "small"));
    stage.gate.release(ALL);
    for (CompletableFuture<String> each : all) {
      get(each);
    }

    assertThat(stage.batches)
        .containsExactly(
            List.of("first"),
            List.of("wide:1", "wide:2"),
            List.of("narrow:1"),
            List.of("large1", "small"),
            List.of("large2"));
  }

  @Test
  void submit_withDelay_runsWhenTheBatchIsFull() throws Exception {
    Batcher<String, String> batcher = batcher(2, LONG, 100, WhenFull.WAIT);
    stage.gate.release(ALL);
    List<CompletableFuture<String>> both = submit(batcher, by("a"), "a1", "a2");

    assertThat(get(both.get(1))).isEqualTo("answer to a2");
    assertThat(stage.batches).containsExactly(List.of("a1", "a2"));
  }

  @Test
  void submit_withDelay_runsWhenItIsOverOrADeadlineIsNear() throws Exception {
    Batcher<String, String> brief = batcher(2, SHORT, 100, WhenFull.WAIT);
    Batcher<String, String> patient = batcher(2, LONG, 100, WhenFull.WAIT);
    stage.gate.release(ALL);

    assertThat(get(brief.submit("alone", by("a")))).isEqualTo("answer to alone");
    assertThat(get(patient.submit("hasty", within(LONG.minusSeconds(1)))))
        .isEqualTo("answer to hasty");
  }

  @Test
  void submit_badItemsInABatch_failAlone() throws Exception {
    Batcher<String, String> batcher = batcher(10);
    occupy(batcher);
    List<CompletableFuture<String>> all =
        submit(batcher, by("a"), "1", "2", "bad", "3", "4", "huge", "5", "6");
    stage.gate.release(ALL);

    for (int i : new int[] {0, 1, 3, 4, 6, 7}) {
      assertThat(get(all.get(i))).startsWith("answer to");
    }
    assertThatThrownBy(() -> get(all.get(2))).cause().hasMessage("found bad");
    assertThatThrownBy(() -> get(all.get(5))).cause().hasMessage("no memory for huge");
  }

  @Test
  void submit_stageWithAnAnswerTooFew_failsThatItem() throws Exception {
    Batcher<String, String> batcher = batcher(10);
    occupy(batcher);
    List<CompletableFuture<String>> all = submit(batcher, by("a"), "1", "silent", "2");
    stage.gate.release(ALL);

    assertThat(get(all.get(0))).isEqualTo("answer to 1");
    assertThat(get(all.get(2))).isEqualTo("answer to 2");
    assertThatThrownBy(() -> get(all.get(1)))
        .cause()
        .hasMessage("Cannot run silent: found 0 answers for a batch of 1, expected one each");
  }

  @Test
  void submit_stageWithNoAnswerForOne_failsThatItem() throws Exception {
    Batcher<String, String> batcher = batcher(2);
    occupy(batcher);
    List<CompletableFuture<String>> all = submit(batcher, by("a"), "good", "none");
    stage.gate.release(ALL);

    assertThat(get(all.get(0))).isEqualTo("answer to good");
    assertThatThrownBy(() -> get(all.get(1)))
        .cause()
        .hasMessage("Cannot run none: found 0 answers for a batch of 1, expected one each");
  }

  @Test
  void submit_callbackThatInterruptsItsThread_isNoConcernOfTheNext() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<Void> interrupted =
        occupy(batcher).thenRun(() -> Thread.currentThread().interrupt());
    CompletableFuture<String> next = batcher.submit("next", by("a"));
    stage.gate.release(ALL);

    get(interrupted);
    assertThat(get(next)).isEqualTo("answer to next");
    assertThat(stage.interrupted).isEmpty();
  }

  @Test
  void deadline_passesInTheQueue_callerIsToldAndItNeverRuns() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> first = occupy(batcher);
    CompletableFuture<String> hasty = batcher.submit("hasty", within(SHORT));

    assertThatThrownBy(() -> get(hasty))
        .cause()
        .isInstanceOf(DeadlineException.class)
        .hasMessage(
            "Cannot run hasty: found it unfinished after 30 ms, expected an answer by then (give it more time, or ask less at once)");
    assertThat(batcher.waiting()).isZero();
    stage.gate.release(ALL);
    get(first);
    get(batcher.submit("last", by("a")));
    assertThat(stage.items()).containsExactly("first", "last");
  }

  @Test
  void deadline_passesWhileItRuns_callerIsToldAndTheLateAnswerIsDiscarded() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> hasty = batcher.submit("hasty", within(SHORT));
    stage.begun.acquire();

    assertThatThrownBy(() -> get(hasty)).hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release(ALL);
    batcher.close();
    stage.requireEnded();
    assertThat(stage.discarded).containsExactly("answer to hasty");
  }

  @Test
  void deadline_nearerThanTheWorkTakes_isGivenUpForWhatCanBeDone() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> slow = batcher.submit("slow", by("a"));
    stage.begun.acquire();
    CompletableFuture<String> timer = batcher.submit("timer", within(Duration.ofMillis(400)));
    assertThatThrownBy(() -> get(timer)).hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release();
    get(slow);
    CompletableFuture<String> second = batcher.submit("second", by("a"));
    stage.begun.acquire();

    CompletableFuture<String> near = batcher.submit("near", within(Duration.ofMillis(200)));
    CompletableFuture<String> far = batcher.submit("far", within(LONG));
    CompletableFuture<String> unhurried = batcher.submit("unhurried", by("b"));
    stage.gate.release(ALL);

    assertThatThrownBy(() -> get(near))
        .cause()
        .isInstanceOf(DeadlineException.class)
        .hasMessageStartingWith("Cannot run near: found ");
    assertThat(get(second)).isEqualTo("answer to second");
    assertThat(get(far)).isEqualTo("answer to far");
    assertThat(get(unhurried)).isEqualTo("answer to unhurried");
    assertThat(stage.items()).doesNotContain("near", "timer");
  }

  @Test
  void close_inCallbackOfWhatIsGivenUp_doesNotWaitForItsOwnLane() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> slow = batcher.submit("slow", by("a"));
    stage.begun.acquire();
    CompletableFuture<String> timer = batcher.submit("timer", within(Duration.ofMillis(400)));
    assertThatThrownBy(() -> get(timer)).hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release();
    get(slow);
    CompletableFuture<String> second = batcher.submit("second", by("a"));
    stage.begun.acquire();

    CompletableFuture<String> near = batcher.submit("near", within(Duration.ofMillis(200)));
    CompletableFuture<Boolean> closed =
        near.handle(
            (answer, failure) -> {
              batcher.close();
              return failure instanceof DeadlineException;
            });
    CompletableFuture<String> far = batcher.submit("far", by("b"));
    stage.gate.release(ALL);

    assertThat(get(closed)).isTrue();
    assertThat(get(second)).isEqualTo("answer to second");
    assertThat(get(far)).isEqualTo("answer to far");
  }

  @Test
  void deadline_nearerThanTheWorkTakesAndNothingElseWaits_isTried() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> slow = batcher.submit("slow", by("a"));
    stage.begun.acquire();
    CompletableFuture<String> timer = batcher.submit("timer", within(SHORT));
    assertThatThrownBy(() -> get(timer)).hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release();
    get(slow);

    CompletableFuture<String> near = batcher.submit("near", within(SHORT.dividedBy(2)));
    stage.begun.acquire();
    assertThatThrownBy(() -> get(near)).hasCauseInstanceOf(DeadlineException.class);
    assertThat(stage.items()).containsExactly("slow", "near");
  }

  /** On a busy machine each thread that a message goes by is a turn to wait for. */
  @Test
  void call_deadlinePassesWhileItWaitsOrIsRun_itsOwnThreadKnows() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> first = occupy(batcher);
    assertThatThrownBy(() -> batcher.call("waiting", within(SHORT)))
        .isInstanceOf(DeadlineException.class)
        .hasMessageStartingWith("Cannot run waiting: found it unfinished after 30 ms")
        .hasStackTraceContaining("Batcher.call");
    assertThat(batcher.waiting()).isZero();

    stage.gate.release();
    get(first);
    Request timed = within(Duration.ofMillis(300));
    assertThatThrownBy(() -> batcher.call("running", timed))
        .isInstanceOf(DeadlineException.class)
        .hasStackTraceContaining("Batcher.call");
    assertThat(timed.deadline().hasPassed()).isTrue();
    stage.gate.release(ALL);
    batcher.close();
    assertThat(stage.items()).containsExactly("first", "running");
    assertThat(stage.discarded).containsExactly("answer to running");
  }

  @Test
  void call_deadlineNearerThanTheWorkTakes_isToldBeforeIt() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    CompletableFuture<String> slow = occupy(batcher);
    CompletableFuture<String> timer = batcher.submit("timer", within(Duration.ofMillis(800)));
    assertThatThrownBy(() -> get(timer)).hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release();
    get(slow);
    CompletableFuture<String> second = occupy(batcher);

    FutureTask<String> near =
        GatedStage.start(() -> batcher.call("near", within(Duration.ofMillis(700))));
    CompletableFuture<String> far = batcher.submit("far", within(LONG));
    stage.gate.release(ALL);

    assertThatThrownBy(() -> get(near))
        .cause()
        .isInstanceOf(DeadlineException.class)
        .hasMessageContaining(" ms left of 700, expected the ");
    assertThat(get(second)).isEqualTo("answer to first");
    assertThat(get(far)).isEqualTo("answer to far");
    assertThat(stage.items()).doesNotContain("near");
  }

  @Test
  void call_answeredInTime_returnsTheAnswer() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    stage.gate.release(ALL);

    assertThat(batcher.call("timed", within(LONG))).isEqualTo("answer to timed");
    assertThatThrownBy(() -> batcher.call("bad", within(LONG))).hasMessage("found bad");
  }

  @Test
  void describe_thatThrows_failsItsOwnItemAlone() throws Exception {
    Batcher<String, String> batcher = batcher(1);
    occupy(batcher);
    CompletableFuture<String> mute = batcher.submit("mute", within(SHORT));
    CompletableFuture<String> next = batcher.submit("next", within(SHORT));

    assertThatThrownBy(() -> get(mute))
        .cause()
        .isInstanceOf(DeadlineException.class)
        .hasMessageStartingWith(
            "Cannot do work of the test that cannot be described (java.lang.IllegalStateException: no words for mute): found it unfinished after 30 ms");
    assertThatThrownBy(() -> get(next)).hasCauseInstanceOf(DeadlineException.class);
  }

  @Test
  void discard_thatThrows_leavesTheLaneToOthers() throws Exception {
    Batcher<String, String> batcher = batcher(2);
    occupy(batcher);
    CompletableFuture<String> sticky = batcher.submit("sticky", by("a"));
    CompletableFuture<String> beside = batcher.submit("beside", by("b"));
    stage.gate.release();
    stage.begun.acquire();
    sticky.cancel(false);
    stage.gate.release(ALL);

    assertThat(get(beside)).isEqualTo("answer to beside");
    assertThat(get(batcher.submit("after", by("a")))).isEqualTo("answer to after");
    assertThat(stage.discarded).containsExactly("answer to sticky");
  }
}
