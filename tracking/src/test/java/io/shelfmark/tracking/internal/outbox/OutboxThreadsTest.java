package io.shelfmark.tracking.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An outbox with its threads. */
@Timeout(60)
class OutboxThreadsTest {

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();

  private Outbox open(OutboxOptions.Builder options) {
    return Outbox.open(store, folder, options.build());
  }

  private static OutboxOptions.Builder options() {
    return OutboxOptions.builder()
        .maxDelay(Duration.ofMillis(20))
        .backoff(Duration.ofMillis(1), Duration.ofMillis(10));
  }

  private static List<Refusal> away(List<RunWrite> writes) {
    throw new StoreUnavailableException("away");
  }

  private static List<Long> upTo(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  @Test
  void sixteenThreads_onAStoreThatComesAndGoes_loseNothingAndKeepTheirOrder() throws Exception {
    int threads = 16;
    int points = 2_000;
    AtomicInteger calls = new AtomicInteger();
    store.answer(writes -> calls.incrementAndGet() % 3 == 0 ? away(writes) : store.take(writes));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (Outbox outbox = open(options().batchPoints(500))) {
      CyclicBarrier barrier = new CyclicBarrier(threads);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String run = "run" + t;
        all.add(
            executor.submit(
                () -> {
                  barrier.await(30, TimeUnit.SECONDS);
                  for (int i = 0; i < points; i++) {
                    outbox.metric(run, "loss", i, i, 1_700_000_000_000L);
                    if (i % 500 == 499) {
                      outbox.flush();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(50, TimeUnit.SECONDS);
      }
      store.takeAll();
      for (int t = 0; t < threads; t++) {
        store.awaitSteps("run" + t, points);
        assertThat(store.steps("run" + t)).isEqualTo(upTo(points));
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(SteppedOutbox.files(folder)).isEmpty();
  }

  @Test
  void maxDelay_withoutAFlush_makesItDurable() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    store.answer(
        writes -> {
          store.take(writes);
          taken.countDown();
          return List.of();
        });
    try (Outbox outbox = open(options())) {
      outbox.metric("a", "loss", 1, 0, 0);
      assertThat(taken.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** A call that hangs keeps neither those who log nor those who flush. */
  @Test
  void storeThatHangs_keepsNobody() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    store.answer(
        writes -> {
          hanging.countDown();
          awaitThroughInterrupts(go);
          return store.take(writes);
        });
    try (Outbox outbox = open(options())) {
      outbox.metric("a", "loss", 1, 0, 0);
      assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
      for (int i = 1; i < 10_000; i++) {
        outbox.metric("a", "loss", 1, i, 0);
      }
      outbox.flush();
      assertThat(store.calls()).isEmpty();
      assertThat(outbox.deliver(Duration.ofMillis(1))).isFalse();
      go.countDown();
      assertThat(outbox.deliver(Duration.ofSeconds(30))).isTrue();
      assertThat(store.steps("a")).isEqualTo(upTo(10_000));
    }
  }

  private static void awaitThroughInterrupts(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fullMemoryAndSpool_haveCallersWait_throughInterrupts_untilThereIsRoom() throws Exception {
    store.answer(OutboxThreadsTest::away);
    int points = 2_000;
    try (Outbox outbox = open(options().memoryBytes(6_400).batchPoints(20).spoolBytes(5_000))) {
      CountDownLatch interrupted = new CountDownLatch(1);
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; i < points; i++) {
                  outbox.metric("a", "loss", 1, i, 0);
                }
                if (Thread.interrupted()) {
                  interrupted.countDown();
                }
              });
      caller.start();
      awaitState(caller, Thread.State.WAITING);
      assertThat(outbox.buffer().position()).isLessThan(points);
      caller.interrupt();
      assertThat(outbox.flush(Duration.ofMillis(1))).isFalse();
      store.takeAll();
      caller.join(30_000);
      assertThat(interrupted.getCount()).as("it still is interrupted").isZero();
      outbox.flush();
      store.awaitSteps("a", points);
      assertThat(store.steps("a")).isEqualTo(upTo(points));
    }
  }

  /** Until it has nothing to do but wait: many times in a row, as any lock is a wait, too. */
  private static void awaitState(Thread thread, Thread.State state) throws InterruptedException {
    int seen = 0;
    while (seen < 50) {
      seen = thread.getState() == state ? seen + 1 : 0;
      thread.join(2);
    }
  }

  @Test
  void callerWaitingWhenTheOutboxCloses_isTold_andWhatIsLostToo() throws Exception {
    store.answer(OutboxThreadsTest::away);
    Outbox outbox =
        open(
            options()
                .memoryBytes(6_400)
                .batchPoints(20)
                .spoolBytes(2_000)
                .closeTimeout(Duration.ofMillis(50)));
    List<Throwable> failures = new ArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 2_000; i++) {
                  outbox.metric("a", "loss", 1, i, 0);
                }
              } catch (IllegalStateException e) {
                failures.add(e);
              }
            });
    caller.start();
    awaitState(caller, Thread.State.WAITING);
    assertThatThrownBy(outbox::close)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageStartingWith("Cannot close the outbox: the last writes are not durable");
    caller.join(30_000);
    assertThat(failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessage("Cannot log: the outbox is closed"));
  }

  @Test
  void close_keepsWhatTheStoreDoesNotTake_andTheNextSendsIt() throws Exception {
    store.answer(OutboxThreadsTest::away);
    RunWrite tag = new RunWrite.Log("a", RunLog.tags(Map.of("k", "v")));
    Outbox outbox = open(options());
    outbox.metric("a", "loss", 1, 0, 0);
    outbox.add(tag);
    outbox.close();
    outbox.close();
    assertThatThrownBy(() -> outbox.add(tag))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot log: the outbox is closed");
    store.takeAll();
    try (Outbox next = open(options())) {
      next.metric("a", "loss", 1, 1, 0);
      store.awaitSteps("a", 2);
    }
    assertThat(store.steps("a")).containsExactly(0L, 1L);
    assertThat(store.taken()).contains(tag);
    assertThat(SteppedOutbox.files(folder)).isEmpty();
  }

  /** While a call is under way nobody else may send what comes after it. */
  @Test
  void closeDuringACallThatHangs_keepsTheSpoolLocked() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    store.answer(
        writes -> {
          hanging.countDown();
          awaitThroughInterrupts(go);
          return store.take(writes);
        });
    Outbox outbox = open(options().closeTimeout(Duration.ofMillis(50)));
    outbox.metric("a", "loss", 1, 0, 0);
    assertThat(hanging.await(30, TimeUnit.SECONDS)).isTrue();
    outbox.close();
    FakeStore other = new FakeStore();
    try (Outbox next = Outbox.open(other, folder, options().build())) {
      next.metric("b", "loss", 1, 0, 0);
      assertThat(next.deliver(Duration.ofSeconds(30))).isTrue();
      assertThat(other.steps("a")).isEmpty();
    }
    go.countDown();
    outbox.awaitRelease();
    assertThat(store.steps("a")).containsExactly(0L);
    assertThat(SteppedOutbox.files(folder)).isEmpty();
  }

  /** A store that leaves an interrupt behind must not close the spool's files. */
  @Test
  void interruptLeftByTheStore_doesNoHarm() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    store.answer(
        writes -> {
          Thread.currentThread().interrupt();
          return calls.incrementAndGet() % 2 == 0 ? store.take(writes) : away(writes);
        });
    try (Outbox outbox = open(options().batchPoints(10))) {
      for (int i = 0; i < 300; i++) {
        outbox.metric("a", "loss", 1, i, 0);
        if (i % 50 == 0) {
          outbox.flush();
        }
      }
      store.awaitSteps("a", 300);
      assertThat(store.steps("a")).isEqualTo(upTo(300));
    }
  }
}
