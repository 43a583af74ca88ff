package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.batching.BatchPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShelfRunsTest {

  /** The models are closed next: a run that is left behind would read freed memory. */
  @Test
  void run_interruptedCaller_leavesNobodyInARun() throws Exception {
    try (LocalRecognizer recognizer =
        LocalRecognizer.open(PriceTagRecognizer.builder(), new CodeFinder())) {
      CountDownLatch running = new CountDownLatch(1);
      recognizer.models().get(2).onRun(shape -> running.countDown());
      ShelfRuns runs = recognizer.runs();
      Thread caller = Thread.currentThread();
      Thread host =
          new Thread(
              () -> {
                await(running);
                caller.interrupt();
              });
      host.start();

      assertThatThrownBy(() -> runs.run(BatchPolicy.unbatched(3), Duration.ofMinutes(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Cannot tune batching: the caller was interrupted");

      assertThat(Thread.interrupted()).isTrue();
      assertThat(Thread.getAllStackTraces().values())
          .flatMap(Arrays::asList)
          .extracting(StackTraceElement::getClassName)
          .doesNotContain(ShelfRuns.class.getName());
      host.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
