package io.shelfmark.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SlotsTest {

  private final Slots slots = new Slots(2, Map.of("gpu", 1));

  @AfterEach
  void close() {
    slots.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void submit_onceItsCodeHasReturned_goesOnOnTheSameThread() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    CountDownLatch end = new CountDownLatch(1_000);
    follow(end, threads);
    await(end);
    assertThat(threads).hasSize(1);
  }

  private void follow(CountDownLatch end, Set<Thread> threads) {
    slots.submit(
        "default",
        slot -> {
          threads.add(Thread.currentThread());
          slot.codeReturned();
          end.countDown();
          if (end.getCount() > 0) {
            follow(end, threads);
          }
          slot.release();
        });
  }

  @Test
  void submit_byCodeThatWaitsForIt_goesOnOnAnotherThread() {
    CountDownLatch inner = new CountDownLatch(1);
    CountDownLatch outer = new CountDownLatch(1);
    slots.submit(
        "default",
        slot -> {
          slots.submit("default", other -> inner.countDown());
          await(inner);
          outer.countDown();
          slot.release();
        });
    await(outer);
  }

  @Test
  void submit_severalAtOnce_areSharedAmongThreads() {
    CountDownLatch both = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(2);
    slots.submit(
        "default",
        slot -> {
          slot.codeReturned();
          for (int i = 0; i < 2; i++) {
            slots.submit(
                "default",
                other -> {
                  both.countDown();
                  await(both); // ends only if the two run at once
                  end.countDown();
                  other.release();
                });
          }
          slot.release();
        });
    await(end);
  }

  @Test
  void task_thatThrows_takesNoneWithIt() {
    CountDownLatch end = new CountDownLatch(1);
    slots.submit(
        "default",
        slot -> {
          Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> {});
          slot.codeReturned();
          slots.submit("default", other -> end.countDown());
          slot.release();
          throw new IllegalStateException("no matter what");
        });
    await(end);
  }

  @Test
  void limits_holdAndTheFirstComesFirst() {
    AtomicInteger all = new AtomicInteger();
    AtomicInteger onGpu = new AtomicInteger();
    List<Integer> most = Collections.synchronizedList(new ArrayList<>());
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch end = new CountDownLatch(200);
    for (int i = 0; i < 200; i++) {
      int place = i;
      boolean gpu = i % 2 == 0;
      slots.submit(
          gpu ? "gpu" : "default",
          slot -> {
            most.add(all.incrementAndGet());
            if (gpu) {
              assertThat(onGpu.incrementAndGet()).isEqualTo(1);
              order.add(place);
              onGpu.decrementAndGet();
            }
            slot.codeReturned();
            all.decrementAndGet();
            slot.release();
            end.countDown();
          });
    }
    await(end);
    assertThat(most).hasSize(200).allMatch(count -> count <= 2);
    assertThat(order).isSorted().hasSize(100);
  }
}
