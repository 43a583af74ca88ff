package io.shelfmark.inference.batching;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Priority;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers at a queue for one, whose lock the test holds at will. */
@Timeout(60)
class WaitingRoomTest {

  private final GatedStage stage = new GatedStage();
  private final ReentrantLock lock = new ReentrantLock();
  private final WaitingRoom<String, String> room =
      new WaitingRoom<>(
          new BatchLimits(1, 1, Duration.ZERO, 1, WhenFull.WAIT),
          stage,
          lock,
          new Timekeeper<>(passed -> {}),
          () -> {});

  private static Entry<String, String> entry(String item) {
    Request request = new Request(item, Priority.INTERACTIVE, Deadline.never());
    return new Entry<>(item, request, "", 1, System.nanoTime(), entry -> {});
  }

  private RuntimeException accept(Entry<String, String> entry) throws InterruptedException {
    lock.lock();
    try {
      return room.accept(entry, WhenFull.WAIT, false);
    } finally {
      lock.unlock();
    }
  }

  /** What the thread says of its interruption once it was accepted. */
  private FutureTask<Boolean> start(Entry<String, String> entry, Thread[] caller) {
    return GatedStage.start(
        () -> {
          caller[0] = Thread.currentThread();
          assertThat(accept(entry)).isNull();
          return Thread.interrupted();
        });
  }

  private void interruptUnderTheLock(Thread caller) {
    caller.interrupt();
    while (!lock.hasQueuedThread(caller)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void accept_interruptedAsItIsLetIn_isAcceptedAndStaysInterrupted() throws Exception {
    accept(entry("first"));
    Entry<String, String> second = entry("second");
    Thread[] caller = new Thread[1];
    FutureTask<Boolean> accepted = start(second, caller);

    lock.lock();
    try {
      // it has woken and waits for the lock, while others let it in and even answer it
      interruptUnderTheLock(caller[0]);
      assertThat(room.take(System.nanoTime())).hasSize(1);
      assertThat(room.take(System.nanoTime())).containsExactly(second);
      second.complete("answer");
    } finally {
      lock.unlock();
    }

    assertThat(accepted.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.join()).isEqualTo("answer");
  }

  @Test
  void accept_interruptedBeforeItIsLetIn_leaves() throws Exception {
    accept(entry("first"));
    Thread[] caller = new Thread[1];
    Entry<String, String> second = entry("second");
    FutureTask<Boolean> left =
        GatedStage.start(
            () -> {
              caller[0] = Thread.currentThread();
              try {
                accept(second);
                return false;
              } catch (InterruptedException e) {
                return true;
              }
            });

    caller[0].interrupt();

    assertThat(left.get(30, TimeUnit.SECONDS)).isTrue();
    lock.lock();
    try {
      List<Entry<String, String>> first = room.take(System.nanoTime());
      assertThat(first).hasSize(1).doesNotContain(second);
      assertThat(room.take(System.nanoTime())).isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
