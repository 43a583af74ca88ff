package io.shelfmark.inference.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkProgress.State;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run while it goes on: what is open at once, what is told, how it is stopped. */
@Timeout(30)
class BulkRunTest {

  @TempDir Path temporary;

  private Path results() {
    return temporary.resolve("results.jsonl");
  }

  private static Stream<BulkPhoto> photos(int count) {
    return IntStream.range(0, count).mapToObj(i -> BulkRecognitionTest.photo("photo-" + i));
  }

  /**
   * No photo is done before as many are open as may be, so the bound is reached again and again;
   * their number is a multiple of it, so none waits for ever.
   */
  @Test
  void photosInFlight_recognizerThatIsSlow_areNeverMore() {
    int width = 7;
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Runnable> waiting = new ArrayList<>();
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo -> {
              CompletableFuture<ShelfReading> reading = new CompletableFuture<>();
              List<Runnable> together = List.of();
              synchronized (waiting) {
                waiting.add(
                    () -> {
                      open.decrementAndGet();
                      reading.complete(ScriptedRecognizer.reading(photo));
                    });
                if (waiting.size() == width) {
                  together = List.copyOf(waiting);
                  waiting.clear();
                }
              }
              together.forEach(Runnable::run);
              return reading;
            });
    Stream<BulkPhoto> photos =
        photos(width * 100)
            .map(
                photo ->
                    new BulkPhoto(
                        photo.name(),
                        3,
                        photo.modified(),
                        () -> {
                          most.accumulateAndGet(open.incrementAndGet(), Math::max);
                          return photo.content().get();
                        }));

    BulkProgress end = BulkRecognition.of(recognizer).photosInFlight(width).run(photos, results());

    assertThat(end.read()).isEqualTo(width * 100);
    assertThat(most).hasValue(width);
  }

  @Test
  void cancel_photosOnTheirWay_areOnRecordAndTheRestIsReadLater() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(3);
    CountDownLatch goOn = new CountDownLatch(1);
    ScriptedRecognizer slow =
        new ScriptedRecognizer(
            photo ->
                CompletableFuture.supplyAsync(
                    () -> {
                      begun.countDown();
                      await(goOn);
                      return ScriptedRecognizer.reading(photo);
                    }));
    BulkRun run = BulkRecognition.of(slow).photosInFlight(3).start(photos(100), results());
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

    run.cancel();
    goOn.countDown();
    BulkProgress end = run.await();

    assertThat(end.state()).isEqualTo(State.CANCELLED);
    assertThat(end.read()).isEqualTo(3);
    assertThat(run.progress()).isEqualTo(end);
    ScriptedRecognizer second = new ScriptedRecognizer();
    assertThat(BulkRecognition.of(second).run(photos(100), results()).skipped()).isEqualTo(3);
    assertThat(second.asked)
        .hasSize(97)
        .doesNotContainKeys(slow.asked.keySet().toArray(String[]::new));
    assertThat(slow.asked.values()).containsOnly(1);
  }

  @Test
  void cancel_whilePhotosOnRecordAreSkipped_readsNoneOfThemAgain() {
    BulkRecognition.of(new ScriptedRecognizer()).run(photos(10), results());
    ScriptedRecognizer second = new ScriptedRecognizer();
    CompletableFuture<BulkRun> begun = new CompletableFuture<>();
    Stream<BulkPhoto> cancelling =
        photos(10)
            .peek(
                photo -> {
                  if (photo.name().equals("photo-5")) {
                    begun.join().cancel();
                  }
                });

    try (BulkRun run = BulkRecognition.of(second).start(cancelling, results())) {
      begun.complete(run);
      BulkProgress end = run.await();

      assertThat(end.state()).isEqualTo(State.CANCELLED);
      assertThat(second.asked).isEmpty();
      assertThat(end.read()).isZero();
    }
  }

  @Test
  void cancel_whilePhotosAreCounted_doesNotWaitForTheirNumber() throws InterruptedException {
    CountDownLatch counting = new CountDownLatch(1);
    ScriptedRecognizer recognizer = new ScriptedRecognizer();
    BulkRun.Source endless =
        new BulkRun.Source(
            stopped -> photos(10),
            stopped -> {
              counting.countDown();
              while (!stopped.getAsBoolean()) {
                Thread.onSpinWait();
              }
              return OptionalLong.empty();
            });
    BulkRun run = new BulkRun(BulkRecognition.of(recognizer), endless, results()).begin();
    assertThat(counting.await(10, TimeUnit.SECONDS)).isTrue();

    run.cancel();

    assertThat(run.await().state()).isEqualTo(State.CANCELLED);
    assertThat(run.await().total()).isEmpty();
    assertThat(recognizer.asked).isEmpty();
  }

  /** A source that ends early because of the stop has not come to its end. */
  @Test
  void cancel_sourceThatEndsWithIt_isNoCompleteRun() {
    CompletableFuture<BulkRun> begun = new CompletableFuture<>();
    BulkRun.Source obedient =
        new BulkRun.Source(
            stopped ->
                Stream.iterate(0, i -> i + 1)
                    .takeWhile(
                        i -> {
                          if (i == 5) {
                            begun.join().cancel();
                          }
                          return !stopped.getAsBoolean();
                        })
                    .map(i -> BulkRecognitionTest.photo("photo-" + i)),
            stopped -> OptionalLong.empty());
    BulkRun run =
        new BulkRun(BulkRecognition.of(new ScriptedRecognizer()), obedient, results()).begin();

    begun.complete(run);

    assertThat(run.await().state()).isEqualTo(State.CANCELLED);
    assertThat(run.await().read()).isEqualTo(5);
  }

  /** It would wait for itself. */
  @Test
  void close_onTheRunsOwnThread_isRefusedAndTheRunIsCancelled() {
    CompletableFuture<BulkRun> begun = new CompletableFuture<>();
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    BulkRun run =
        BulkRecognition.of(new ScriptedRecognizer())
            .progress(
                Duration.ZERO,
                progress -> {
                  try {
                    begun.join().close();
                  } catch (IllegalStateException e) {
                    refused.complete(e);
                  }
                })
            .start(photos(1_000), results());

    begun.complete(run);

    assertThat(run.await().state()).isEqualTo(State.CANCELLED);
    assertThat(refused.join()).hasMessageContaining("found the run's own thread");
  }

  @Test
  void progress_runThatFailed_saysSo() {
    List<State> told = new ArrayList<>();
    AtomicLong nanos = new AtomicLong();
    BulkRun run =
        BulkRecognition.of(new ScriptedRecognizer())
            .clock(Clock.systemUTC(), nanos::get)
            .progress(Duration.ofHours(1), progress -> told.add(progress.state()))
            .start(
                photos(10)
                    .peek(
                        photo -> {
                          throw new ResultsException("on purpose");
                        }),
                results());

    assertThatThrownBy(run::await).isInstanceOf(ResultsException.class);
    nanos.set(1_000_000);

    assertThat(run.progress().state()).isEqualTo(State.FAILED);
    assertThat(run.progress().elapsed()).isZero();
    assertThat(told).containsExactly(State.FAILED);
  }

  @Test
  void run_interruptedCaller_isCancelledAndStaysInterrupted() {
    Thread caller = Thread.currentThread();
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo -> {
              if (ScriptedRecognizer.name(photo).equals("photo-5")) {
                caller.interrupt();
              }
              return CompletableFuture.completedFuture(ScriptedRecognizer.reading(photo));
            });

    BulkProgress end =
        BulkRecognition.of(recognizer)
            .photosInFlight(1)
            .run(
                Stream.iterate(0, i -> i + 1).map(i -> BulkRecognitionTest.photo("photo-" + i)),
                results());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(end.state()).isEqualTo(State.CANCELLED);
    assertThat(end.read()).isGreaterThanOrEqualTo(5).isEqualTo(recognizer.asked.size());
  }

  @Test
  void start_fileOfAnotherRun_isRefused() {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    ScriptedRecognizer slow =
        new ScriptedRecognizer(
            photo ->
                CompletableFuture.supplyAsync(
                    () -> {
                      begun.countDown();
                      await(goOn);
                      return ScriptedRecognizer.reading(photo);
                    }));
    try (BulkRun first = BulkRecognition.of(slow).start(photos(1), results())) {
      await(begun);

      Semaphore closed = new Semaphore(0);
      Stream<BulkPhoto> photos = photos(1).onClose(closed::release);
      assertThatThrownBy(() -> BulkRecognition.of(slow).run(photos, results()))
          .isInstanceOf(ResultsException.class)
          .hasMessageContaining("found another run that writes to it");

      assertThat(closed.tryAcquire()).as("its stream is closed").isTrue();
      goOn.countDown();
      assertThat(first.await().state()).isEqualTo(State.COMPLETE);
    }
  }

  @Test
  void progress_everyPhoto_tellsCountsAndRate() {
    AtomicLong nanos = new AtomicLong();
    List<BulkProgress> told = new ArrayList<>();
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo -> {
              nanos.addAndGet(500_000_000);
              return CompletableFuture.completedFuture(ScriptedRecognizer.reading(photo));
            });

    BulkRecognition.of(recognizer)
        .photosInFlight(1)
        .clock(Clock.systemUTC(), nanos::get)
        .progress(Duration.ZERO, told::add)
        .run(photos(4), results());

    assertThat(told.get(told.size() - 1).state()).isEqualTo(State.COMPLETE);
    assertThat(told).extracting(BulkProgress::read).containsExactly(1L, 2L, 3L, 4L, 4L);
    assertThat(told).last().extracting(BulkProgress::photosPerSecond).isEqualTo(2.0);
  }

  @ParameterizedTest
  @EnumSource(names = {"HOURS", "FOREVER"})
  void progress_longPeriod_isToldAtTheEndAlone(ChronoUnit period) {
    List<BulkProgress> told = new ArrayList<>();

    BulkRecognition.of(new ScriptedRecognizer())
        .progress(period.getDuration(), told::add)
        .run(photos(50), results());

    assertThat(told).hasSize(1).first().extracting(BulkProgress::done).isEqualTo(50L);
  }

  @Test
  void progress_listenerThatThrows_doesNotEndTheRun() {
    BulkProgress end =
        BulkRecognition.of(new ScriptedRecognizer())
            .progress(
                Duration.ZERO,
                progress -> {
                  throw new IllegalStateException("on purpose");
                })
            .run(photos(5), results());

    assertThat(end.read()).isEqualTo(5);
  }

  @Test
  void remaining_halfOfTheWay_isAsLongAgain() {
    BulkProgress half =
        new BulkProgress(
            State.RUNNING, OptionalLong.of(1_100), 100, 400, 100, 0, Duration.ofSeconds(50));

    assertThat(half.photosPerSecond()).isEqualTo(10);
    assertThat(half.remaining()).contains(Duration.ofSeconds(50));
  }

  @Test
  void recognizeAll_stream_givesEveryOutcomeAndOpensNothingBefore() {
    AtomicInteger opened = new AtomicInteger();
    Stream<BulkPhoto> photos = photos(20).peek(photo -> opened.incrementAndGet());

    try (Stream<BulkOutcome> outcomes =
        BulkRecognition.of(new ScriptedRecognizer()).recognizeAll(photos)) {
      assertThat(opened).hasValue(0);
      assertThat(outcomes)
          .extracting(BulkOutcome::file)
          .containsExactlyInAnyOrderElementsOf(photos(20).map(BulkPhoto::name).toList());
    }
  }

  @Test
  void recognizeAll_closedEarly_opensNoMore() {
    AtomicInteger opened = new AtomicInteger();
    Semaphore closed = new Semaphore(0);
    Stream<BulkPhoto> endless =
        Stream.iterate(0, i -> i + 1)
            .map(i -> BulkRecognitionTest.photo("photo-" + i))
            .peek(photo -> opened.incrementAndGet())
            .onClose(closed::release);

    try (Stream<BulkOutcome> outcomes =
        BulkRecognition.of(new ScriptedRecognizer()).photosInFlight(4).recognizeAll(endless)) {
      assertThat(outcomes.limit(10)).hasSize(10);
    }

    assertThat(closed.tryAcquire()).isTrue();
    // ten taken out, four in flight, and one more that each of four threads may have begun
    assertThat(opened.get()).isBetween(10, 18);
  }

  @Test
  void recognizeAll_outOfMemory_endsTheStream() {
    ScriptedRecognizer recognizer =
        new ScriptedRecognizer(
            photo -> CompletableFuture.failedFuture(new OutOfMemoryError("on purpose")));

    try (Stream<BulkOutcome> outcomes = BulkRecognition.of(recognizer).recognizeAll(photos(5))) {
      assertThatThrownBy(outcomes::toList).isInstanceOf(OutOfMemoryError.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
