package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.image.NativeBuffer;
import io.shelfmark.inference.rollout.RollingRecognizer;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Memory outside the heap: a recognizer that is closed holds none. Counted, and not left to the
 * garbage collector, which has no reason to run.
 */
@Timeout(120)
class RecognizerMemoryTest {

  private static final int THREADS = 4;

  private static ShelfPhoto photo;
  private static ShelfReading expected;
  private static ExecutorService hosts;
  private static long before;

  @BeforeAll
  static void read() {
    photo =
        ShelfPhoto.of(
            "shelf", PhotoGenerator.seeded(33).withTags(2).sized(480, 640).photo(0).jpeg());
    before = NativeBuffer.bytesAlive();
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      expected = recognizer.recognize(photo);
    }
    hosts = Executors.newFixedThreadPool(THREADS);
  }

  @AfterAll
  static void end() {
    hosts.shutdownNow();
  }

  private static void assertNothingHeld() {
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void close_afterReading_holdsNothing() {
    for (int i = 0; i < 5; i++) {
      try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
        assertThat(recognizer.recognize(photo)).isEqualTo(expected);
        assertThat(NativeBuffer.bytesAlive()).isGreaterThan(before + Scratch.SIZE);
      }
      assertNothingHeld();
    }
  }

  @Test
  void swap_replacedRecognizers_holdNoMoreThanOne() {
    List<Long> held = new ArrayList<>();
    try (RollingRecognizer rolling = RollingRecognizer.open("0", PriceTagRecognizer::open)) {
      for (int i = 1; i < 5; i++) {
        assertThat(rolling.recognize(photo)).isEqualTo(expected);
        held.add(NativeBuffer.bytesAlive() - before);
        rolling.swap(String.valueOf(i), PriceTagRecognizer::open);
      }
    }
    assertThat(held.stream().distinct()).hasSize(1);
    assertNothingHeld();
  }

  /** A callback on a worker's thread may come to read when all else is done. */
  @Test
  void read_afterTheEnd_isRefusedAndHoldsNothing() {
    LocalRecognizer recognizer =
        LocalRecognizer.open(PriceTagRecognizer.builder(), new CodeFinder());
    recognizer.close();

    assertThatThrownBy(() -> recognizer.read(photo, () -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: the price tag recognizer is closed");
    assertNothingHeld();
  }

  @Test
  void close_registryThatThrows_holdsNothing() {
    MeterRegistry registry = new SimpleMeterRegistry();
    registry
        .config()
        .onMeterRemoved(
            meter -> {
              throw new IllegalStateException("no meter may go");
            });
    PriceTagRecognizer recognizer =
        PriceTagRecognizer.builder().version("v1").meters(RecognizerMeters.of(registry)).build();
    recognizer.recognize(photo);

    assertThatThrownBy(recognizer::close).hasMessage("no meter may go");
    assertNothingHeld();
  }

  /** Photos that are given up at their deadline leave runs behind that read their buffers. */
  @Test
  void close_whilePhotosAreReadAndGivenUp_waitsForThemAndHoldsNothing() throws Exception {
    BatchPolicy batched = BatchPolicy.batched(THREADS, 1, 4);
    for (BatchPolicy policy : List.of(BatchPolicy.unbatched(2), batched, batched, batched)) {
      PriceTagRecognizer shared = PriceTagRecognizer.builder().batching(policy).build();
      CountDownLatch reading = new CountDownLatch(THREADS);
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        counts.add(hosts.submit(() -> readUntilClosed(shared, thread, reading)));
      }
      reading.await();
      shared.close();

      assertNothingHeld();
      for (Future<Integer> count : counts) {
        assertThat(count.get(60, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  /** Every second thread has less time than a photo takes. */
  private static int readUntilClosed(
      PriceTagRecognizer recognizer, int thread, CountDownLatch reading) {
    ReadOptions interactive = ReadOptions.interactive();
    int photos = 0;
    while (true) {
      Duration time = Duration.ofMillis(1 + photos % 15);
      try {
        ReadOptions options = thread % 2 == 0 ? interactive : interactive.within(time);
        assertThat(recognizer.recognize(photo, options).tags()).hasSameSizeAs(expected.tags());
      } catch (DeadlineException e) {
        assertThat(e.given()).isEqualTo(time);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("Cannot read photos: the price tag recognizer is closed");
        return photos;
      }
      photos++;
      if (photos == 1) {
        // each thread once: a fast one must not stand for another that has not begun
        reading.countDown();
      }
    }
  }
}
