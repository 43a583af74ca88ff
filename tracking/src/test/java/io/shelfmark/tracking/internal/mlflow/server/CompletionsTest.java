package io.shelfmark.tracking.internal.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CompletionsTest {

  private final Completions completions = new Completions();
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void askedAgain_whileAtWorkAndAfterwards_isDoneOnce() throws Exception {
    CountDownLatch atWork = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Runnable work =
        () -> {
          done.incrementAndGet();
          atWork.countDown();
          awaitUninterruptibly(goOn);
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> first = threads.submit(() -> completions.once("a", work));
      atWork.await();
      Future<?> second = threads.submit(() -> completions.once("a", work));
      completions.once("b", done::incrementAndGet);
      assertThat(first.isDone() || second.isDone()).isFalse();
      goOn.countDown();
      first.get(10, TimeUnit.SECONDS);
      second.get(10, TimeUnit.SECONDS);
    } finally {
      goOn.countDown();
      threads.shutdownNow();
    }

    completions.once("a", work);

    assertThat(done).hasValue(2);
  }

  @Test
  void failed_isToldAndDoneAnew() {
    IllegalStateException failure = new IllegalStateException("away");
    assertThatThrownBy(
            () ->
                completions.once(
                    "a",
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);

    completions.once("a", done::incrementAndGet);

    assertThat(done).hasValue(1);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
