package io.shelfmark.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskWindowTest {

  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private final List<Integer> results = new ArrayList<>();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private TaskWindow<Integer> window(int width) {
    return new TaskWindow<>(executor, width, results::add);
  }

  @Test
  void results_comeInTheOrderOfTheirTasks() throws Exception {
    CountDownLatch later = new CountDownLatch(1);
    try (TaskWindow<Integer> window = window(3)) {
      window.add(
          () -> {
            later.await();
            return 1;
          });
      window.addResult(2);
      window.add(
          () -> {
            later.countDown();
            return 3;
          });
      assertThat(results).isEmpty();
      window.addResult(4);
      assertThat(results).containsExactly(1);
      window.finish();
    }
    assertThat(results).containsExactly(1, 2, 3, 4);
  }

  @Test
  void failure_isThrownAsItIs() throws Exception {
    IOException failure = new IOException("disk full");
    try (TaskWindow<Integer> window = window(8)) {
      window.add(
          () -> {
            throw failure;
          });
      assertThatThrownBy(window::finish).isSameAs(failure);
      window.add(
          () -> {
            throw new IllegalStateException("broken");
          });
      assertThatThrownBy(window::finish)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("broken");
    }
  }

  @Test
  void close_waitsForWhatRunsAndDropsTheRest() throws Exception {
    CountDownLatch running = new CountDownLatch(4);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    TaskWindow<Integer> window = window(100);
    for (int i = 0; i < 20; i++) {
      window.add(
          () -> {
            running.countDown();
            go.await();
            return ended.incrementAndGet();
          });
    }
    running.await();
    go.countDown();
    window.close();
    int atClose = ended.get();
    executor.shutdown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ended.get()).isEqualTo(atClose).isBetween(4, 20);
    assertThat(results).isEmpty();
  }

  @Test
  void interrupt_endsTheWaitAndStays() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    TaskWindow<Integer> window = window(1);
    window.add(
        () -> {
          never.await();
          return 1;
        });
    Thread.currentThread().interrupt();
    assertThatThrownBy(window::finish).isInstanceOf(IOException.class).hasMessage("an interrupt");
    assertThat(Thread.interrupted()).isTrue();
    never.countDown();
    window.close();
  }
}
