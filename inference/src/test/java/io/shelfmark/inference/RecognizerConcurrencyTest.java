package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.image.TestPictures;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the real recognizer promises to hosts with many threads. */
@Timeout(120)
class RecognizerConcurrencyTest {

  private static final int THREADS = 3;

  private static List<ShelfPhoto> photos;
  private static PriceTagRecognizer recognizer;

  @BeforeAll
  static void open() {
    recognizer = PriceTagRecognizer.builder().threads(2).build();
    PhotoGenerator generator = PhotoGenerator.seeded(21).withTags(3).sized(480, 640);
    photos =
        IntStream.range(0, 3)
            .mapToObj(i -> ShelfPhoto.of("photo-" + i, generator.photo(i).jpeg()))
            .toList();
  }

  @AfterAll
  static void close() {
    recognizer.close();
  }

  @Test
  void recognize_manyThreadsOnOneRecognizer_readWhatOneThreadReads() throws Exception {
    List<ShelfReading> expected = photos.stream().map(recognizer::recognize).toList();
    CyclicBarrier start = new CyclicBarrier(THREADS);
    ExecutorService hosts = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<ShelfReading>>> readings = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        List<ShelfPhoto> mine = new ArrayList<>(photos);
        Collections.rotate(mine, i);
        readings.add(
            hosts.submit(
                () -> {
                  start.await(30, TimeUnit.SECONDS);
                  return mine.stream().map(recognizer::recognize).toList();
                }));
      }
      for (Future<List<ShelfReading>> reading : readings) {
        assertThat(reading.get(60, TimeUnit.SECONDS)).containsExactlyInAnyOrderElementsOf(expected);
      }
    } finally {
      hosts.shutdownNow();
    }
    assertThat(expected).anyMatch(reading -> !reading.tags().isEmpty());
  }

  @Test
  void recognizeAll_twoCallersAtOnce_eachGetTheirOwn() throws Exception {
    List<ShelfReading> expected = photos.stream().map(recognizer::recognize).toList();
    ShelfPhoto bad = ShelfPhoto.of("bad", new byte[1]);
    CompletableFuture<List<PhotoOutcome>> other =
        CompletableFuture.supplyAsync(() -> recognizer.recognizeAll(List.of(bad, photos.get(0))));

    List<PhotoOutcome> outcomes = recognizer.recognizeAll(photos);

    assertThat(outcomes).extracting(outcome -> outcome.reading().orElseThrow()).isEqualTo(expected);
    assertThat(other.get(60, TimeUnit.SECONDS).get(0).failure())
        .containsInstanceOf(UnreadablePhotoException.class);
    assertThat(other.get().get(1).reading()).contains(expected.get(0));
  }

  @Test
  void close_photosInFlight_completesEveryFuture() throws Exception {
    PriceTagRecognizer closing = PriceTagRecognizer.builder().threads(1).build();
    CountDownLatch someRead = new CountDownLatch(1);
    CompletableFuture<List<CompletableFuture<ShelfReading>>> submitted =
        CompletableFuture.supplyAsync(
            () -> {
              List<CompletableFuture<ShelfReading>> futures = new ArrayList<>();
              try {
                for (int i = 0; i < 1000; i++) {
                  CompletableFuture<ShelfReading> future = closing.recognizeAsync(photos.get(0));
                  futures.add(future);
                  future.thenRun(someRead::countDown);
                }
              } catch (IllegalStateException e) {
                assertThat(e).hasMessage("Cannot read photos: the price tag recognizer is closed");
              }
              return futures;
            });
    assertThat(someRead.await(60, TimeUnit.SECONDS)).isTrue();

    closing.close();

    int read = 0;
    for (CompletableFuture<ShelfReading> future : submitted.get(60, TimeUnit.SECONDS)) {
      try {
        assertThat(future.get(60, TimeUnit.SECONDS).width()).isEqualTo(480);
        read++;
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("Cannot read photos: the price tag recognizer is closed");
      }
    }
    assertThat(read).isBetween(1, 999);
  }

  @Test
  void closed_everyUse_isIllegalState() {
    PriceTagRecognizer closed = PriceTagRecognizer.open();
    closed.close();
    closed.close();
    ShelfPhoto late = ShelfPhoto.of("late", TestPictures.png(8, 8));

    assertClosed(() -> closed.recognize(late));
    assertClosed(() -> closed.recognizeAsync(late));
    assertClosed(() -> closed.recognizeAll(List.of(late)));
    assertClosed(() -> closed.recognizeAll(List.of()));
  }

  private static void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: the price tag recognizer is closed");
  }
}
