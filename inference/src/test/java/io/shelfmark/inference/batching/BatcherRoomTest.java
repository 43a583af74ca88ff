package io.shelfmark.inference.batching;

import static io.shelfmark.inference.batching.GatedStage.ALL;
import static io.shelfmark.inference.batching.GatedStage.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.OverloadException;
import io.shelfmark.inference.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a queue for four does with more, and who leaves it: one lane, batches of one. */
@Timeout(60)
class BatcherRoomTest {

  private static final int ROOM = 4;
  private static final Duration SHORT = Duration.ofMillis(30);

  private final GatedStage stage = new GatedStage();
  private final List<Batcher<String, String>> opened = new ArrayList<>();

  private Batcher<String, String> batcher(WhenFull whenFull) {
    Batcher<String, String> batcher =
        new Batcher<>(new BatchLimits(1, 1, Duration.ZERO, ROOM, whenFull), stage);
    opened.add(batcher);
    return batcher;
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

  /** Takes the lane and all of the queue's places. */
  private List<CompletableFuture<String>> fill(Batcher<String, String> batcher) throws Exception {
    List<CompletableFuture<String>> all = new ArrayList<>();
    all.add(batcher.submit("first", by("first")));
    stage.begun.acquire();
    for (int i = 0; i < ROOM; i++) {
      all.add(batcher.submit("f" + i, by("f" + i)));
    }
    return all;
  }

  @Test
  void reject_noRoom_refusesAtOnceAndSaysHowManyWait() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.REJECT);
    fill(batcher);

    assertThatThrownBy(() -> get(batcher.submit("more", by("more"))))
        .cause()
        .isInstanceOf(OverloadException.class)
        .hasMessage(
            "Cannot run more: found 4 waiting in a queue for 4, expected room (try again later)");
  }

  @Test
  void reject_callerThatFloods_leavesAPlaceForAnother() throws Exception {
    Batcher<String, String> batcher =
        new Batcher<>(new BatchLimits(1, 1, Duration.ZERO, 10, WhenFull.REJECT), stage);
    opened.add(batcher);
    batcher.submit("first", by("first"));
    stage.begun.acquire();

    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += batcher.submit("flood" + i, by("flood")).isCompletedExceptionally() ? 0 : 1;
    }
    assertThat(taken).isEqualTo(8);
    assertThat(batcher.submit("other", by("other")).isDone()).isFalse();
  }

  @Test
  void submit_bulk_leavesAPlaceForInteractiveWork() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.REJECT);
    batcher.submit("first", by("first"));
    stage.begun.acquire();

    int taken = 0;
    for (int i = 0; i < 100; i++) {
      taken += batcher.submit("bulk" + i, bulk("b" + i)).isCompletedExceptionally() ? 0 : 1;
    }
    assertThat(taken).isEqualTo(ROOM - 1);
    assertThat(batcher.submit("now", by("other")).isDone()).isFalse();
  }

  @Test
  void waitUntilDeadline_noRoom_waitsOnlyWithADeadline() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT_UNTIL_DEADLINE);
    fill(batcher);

    assertThatThrownBy(() -> get(batcher.submit("careless", by("x"))))
        .hasCauseInstanceOf(OverloadException.class);
    assertThatThrownBy(() -> get(batcher.submit("hasty", within(SHORT))))
        .hasCauseInstanceOf(DeadlineException.class);
    assertThatThrownBy(() -> get(batcher.submit("late", within(Duration.ofNanos(1)))))
        .hasCauseInstanceOf(DeadlineException.class);
    stage.gate.release(ALL);
    batcher.close();
    assertThat(stage.items()).doesNotContain("careless", "hasty", "late");
  }

  @Test
  void wait_noRoom_letsCallersInByTurns() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    List<CompletableFuture<String>> all = fill(batcher);
    List<FutureTask<CompletableFuture<String>>> waiting = new ArrayList<>();
    for (String item : List.of("a1", "a2", "a3", "b1")) {
      waiting.add(start(() -> batcher.submit(item, by(item.substring(0, 1)))));
    }
    assertThat(batcher.waiting()).isEqualTo(ROOM);

    stage.gate.release(ALL);
    for (FutureTask<CompletableFuture<String>> each : waiting) {
      get(get(each));
    }
    for (CompletableFuture<String> each : all) {
      get(each);
    }
    assertThat(stage.items().indexOf("b1")).isLessThan(stage.items().indexOf("a2"));
  }

  @Test
  void wait_roomOfOneThatIsGivenUp_isTakenByTheNext() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    List<CompletableFuture<String>> all = fill(batcher);
    FutureTask<CompletableFuture<String>> next = start(() -> batcher.submit("next", by("next")));
    assertThat(next.isDone()).isFalse();

    all.get(2).cancel(false);
    CompletableFuture<String> admitted = get(next);
    stage.gate.release(ALL);

    assertThat(get(admitted)).isEqualTo("answer to next");
    assertThatThrownBy(() -> get(all.get(2))).isInstanceOf(CancellationException.class);
    batcher.close();
    assertThat(stage.items()).doesNotContain("f1");
  }

  @Test
  void wait_interruptedCallers_leaveAndTheOthersGoOn() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    List<CompletableFuture<String>> all = fill(batcher);
    all.get(1).cancel(false);
    Thread[] callers = new Thread[2];
    FutureTask<String> calling =
        start(
            () -> {
              callers[0] = Thread.currentThread();
              return batcher.call("called", by("a"));
            });
    FutureTask<CompletableFuture<String>> submitting =
        start(
            () -> {
              callers[1] = Thread.currentThread();
              return batcher.submit("submitted", by("b"));
            });
    callers[0].interrupt();
    assertThatThrownBy(() -> get(calling)).hasCauseInstanceOf(InterruptedException.class);
    get(submitting);
    FutureTask<CompletableFuture<String>> more =
        start(
            () -> {
              callers[1] = Thread.currentThread();
              return batcher.submit("more", by("c"));
            });
    callers[1].interrupt();
    assertThatThrownBy(() -> get(more)).hasCauseInstanceOf(InterruptedException.class);

    stage.gate.release(ALL);
    batcher.close();
    assertThat(stage.items()).containsExactly("first", "f1", "f2", "f3", "submitted");
    assertThat(get(all.get(4))).isEqualTo("answer to f3");
  }

  @Test
  void submit_inCallbackWithoutRoom_doesNotWaitForItself() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    CompletableFuture<String> chained =
        fill(batcher)
            .get(0)
            .thenCompose(
                first -> {
                  try {
                    return batcher.submit("chained", by("chained"));
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    stage.gate.release(ALL);

    assertThat(get(chained)).isEqualTo("answer to chained");
  }

  @Test
  void call_freeLane_runsOnTheCallersThread() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    stage.gate.release(ALL);

    assertThat(batcher.call("mine", by("me"))).isEqualTo("answer to mine");
    assertThat(stage.threads).containsExactly(Thread.currentThread());
    assertThatThrownBy(() -> batcher.call("bad", by("me"))).hasMessage("found bad");
    assertThat(batcher.call("again", by("me"))).isEqualTo("answer to again");
  }

  @Test
  void call_takenLane_waitsForItsTurn() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    FutureTask<String> first = start(() -> batcher.call("first", by("a")));
    stage.begun.acquire();
    FutureTask<String> second = start(() -> batcher.call("bad second", by("b")));
    assertThat(stage.batches).hasSize(1);
    stage.gate.release(ALL);

    assertThat(get(first)).isEqualTo("answer to first");
    assertThatThrownBy(() -> get(second)).cause().hasMessage("found bad second");
    assertThat(stage.threads).hasSize(2);
  }

  @Test
  void close_workTakenAndCallersWaiting_finishesTheOneAndRefusesTheOther() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    List<CompletableFuture<String>> all = fill(batcher);
    FutureTask<CompletableFuture<String>> outside = start(() -> batcher.submit("more", by("x")));
    FutureTask<Boolean> closing =
        start(
            () -> {
              batcher.close();
              return true;
            });
    assertThatThrownBy(() -> get(outside)).cause().hasMessage("Cannot run: closed");
    assertThatThrownBy(() -> batcher.submit("late", by("x"))).hasMessage("Cannot run: closed");
    assertThatThrownBy(() -> batcher.call("late", by("x"))).hasMessage("Cannot run: closed");
    assertThat(closing.isDone()).isFalse();

    stage.gate.release(ALL);
    assertThat(get(closing)).isTrue();
    for (CompletableFuture<String> each : all) {
      assertThat(get(each)).startsWith("answer to f");
    }
    stage.requireEnded();
  }

  @Test
  void close_heldBackByADelay_runsAtOnce() throws Exception {
    Batcher<String, String> batcher =
        new Batcher<>(new BatchLimits(2, 9, Duration.ofMinutes(1), 9, WhenFull.WAIT), stage);
    stage.gate.release(ALL);
    CompletableFuture<String> held = batcher.submit("held", by("a"));
    batcher.close();

    assertThat(get(held)).isEqualTo("answer to held");
    stage.requireEnded();
  }

  @Test
  void close_inCallbackWhileACallerHasTheLane_doesWhatIsLeftAfterIt() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    Semaphore inCallback = new Semaphore(0);
    Semaphore mayClose = new Semaphore(0);
    CompletableFuture<String> first = batcher.submit("first", by("a"));
    stage.begun.acquire();
    CompletableFuture<Void> closed =
        first.thenRun(
            () -> {
              inCallback.release();
              mayClose.acquireUninterruptibly();
              inCallback.release();
              batcher.close();
            });
    stage.gate.release();
    inCallback.acquire();
    Thread closer = stage.threads.iterator().next();
    FutureTask<String> called = start(() -> batcher.call("called", by("b")));
    stage.begun.acquire();
    CompletableFuture<String> waiting = batcher.submit("waiting", by("c"));
    mayClose.release();
    inCallback.acquire();
    GatedStage.awaitWaiting(closer);
    stage.gate.release(ALL);

    get(closed);
    assertThat(get(called)).isEqualTo("answer to called");
    assertThat(get(waiting)).isEqualTo("answer to waiting");
  }

  @Test
  void close_inCallback_doesWhatIsLeftItself() throws Exception {
    Batcher<String, String> batcher = batcher(WhenFull.WAIT);
    List<CompletableFuture<String>> all = fill(batcher);
    CompletableFuture<Void> closed = all.get(0).thenRun(batcher::close);
    stage.gate.release(ALL);

    get(closed);
    assertThat(stage.items()).containsExactly("first", "f0", "f1", "f2", "f3");
    for (CompletableFuture<String> each : all) {
      assertThat(get(each)).startsWith("answer to f");
    }
  }

  /** Two lanes: a caller has one, and the thread of the other is held up by a callback. */
  @Test
  void submit_laneFreeWhileACallbackRuns_isTakenByAnotherThread() throws Exception {
    Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();
    Semaphore begun = new Semaphore(0);
    CountDownLatch waitingBegun = new CountDownLatch(1);
    for (String item : List.of("one", "two", "called", "last", "waiting")) {
      ends.put(item, new CountDownLatch(1));
    }
    BatchStage<String, String> latched =
        new BatchStage<>() {
          @Override
          public List<String> run(List<String> items) throws InterruptedException {
            begun.release();
            if (items.contains("waiting")) {
              waitingBegun.countDown();
            }
            ends.get(items.get(0)).await();
            return items;
          }

          @Override
          public String name() {
            return "latched";
          }

          @Override
          public String describe(String item) {
            return "run " + item;
          }

          @Override
          public IllegalStateException closed() {
            return new IllegalStateException("closed");
          }
        };
    Batcher<String, String> batcher = new Batcher<>(BatchLimits.of(2, 1), latched);
    opened.add(batcher);
    List<CompletableFuture<String>> first =
        List.of(batcher.submit("one", by("a")), batcher.submit("two", by("b")));
    begun.acquire(2);
    ends.get("one").countDown();
    ends.get("two").countDown();
    for (CompletableFuture<String> each : first) {
      get(each);
    }

    FutureTask<String> called = start(() -> batcher.call("called", by("c")));
    begun.acquire();
    CountDownLatch callback = new CountDownLatch(1);
    CompletableFuture<Void> held =
        batcher
            .submit("last", by("a"))
            .thenRun(
                () -> {
                  try {
                    callback.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    begun.acquire();
    CompletableFuture<String> waiting = batcher.submit("waiting", by("b"));
    ends.get("last").countDown();

    boolean taken = waitingBegun.await(10, TimeUnit.SECONDS);
    callback.countDown();
    ends.values().forEach(CountDownLatch::countDown);
    assertThat(taken).isTrue();
    get(held);
    assertThat(get(waiting)).isEqualTo("waiting");
    assertThat(get(called)).isEqualTo("called");
  }
}
