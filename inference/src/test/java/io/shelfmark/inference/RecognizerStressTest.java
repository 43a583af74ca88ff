package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.batching.BatchPolicy;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real recognizers under trouble, in small: benchmarks have the same at length. */
@Timeout(120)
class RecognizerStressTest {

  private static final int THREADS = 4;

  private static List<ShelfPhoto> photos;
  private static List<ShelfReading> expected;
  private static ExecutorService hosts;

  @BeforeAll
  static void read() {
    PhotoGenerator generator = PhotoGenerator.seeded(33).withTags(2).sized(480, 640);
    photos =
        IntStream.range(0, THREADS)
            .mapToObj(i -> ShelfPhoto.of("photo-" + i, generator.photo(i).jpeg()))
            .toList();
    try (PriceTagRecognizer recognizer = PriceTagRecognizer.open()) {
      expected = photos.stream().map(recognizer::recognize).toList();
    }
    hosts = Executors.newFixedThreadPool(THREADS);
  }

  @AfterAll
  static void end() {
    hosts.shutdownNow();
  }

  /** What so many threads that start together do, each with its number. */
  private static <V> List<V> together(ThreadWork<V> work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Callable<V>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      tasks.add(
          () -> {
            start.await(60, TimeUnit.SECONDS);
            return work.run(thread);
          });
    }
    List<V> results = new ArrayList<>();
    for (Future<V> result : hosts.invokeAll(tasks)) {
      results.add(result.get(60, TimeUnit.SECONDS));
    }
    return results;
  }

  private interface ThreadWork<V> {
    V run(int thread) throws Exception;
  }

  @Test
  void openAndClose_byManyThreadsAtOnce_eachReadsWhatItWasGiven() throws Exception {
    for (int round = 0; round < 2; round++) {
      List<ShelfReading> readings =
          together(
              thread -> {
                try (PriceTagRecognizer own = PriceTagRecognizer.builder().threads(1).build()) {
                  CompletableFuture<ShelfReading> reading = own.recognizeAsync(photos.get(thread));
                  own.close();
                  return reading.get(60, TimeUnit.SECONDS);
                }
              });
      assertThat(readings).isEqualTo(expected);
    }
  }

  @Test
  void batchedRuns_callersWithPhotosOfTheirOwn_readTheSameTags() throws Exception {
    try (PriceTagRecognizer shared =
        PriceTagRecognizer.builder().batching(BatchPolicy.batched(2, 1, 4)).build()) {
      List<List<ShelfReading>> readings =
          together(
              thread ->
                  List.of(
                      shared.recognize(photos.get(thread)),
                      shared.recognizeAsync(photos.get(thread)).get(60, TimeUnit.SECONDS)));
      for (int i = 0; i < THREADS; i++) {
        for (ShelfReading reading : readings.get(i)) {
          assertThat(reading.source()).isEqualTo("photo-" + i);
          // sums in another order give scores other last digits
          assertThat(reading.tags()).hasSameSizeAs(expected.get(i).tags());
          for (int tag = 0; tag < reading.tags().size(); tag++) {
            assertThat(words(reading.tags().get(tag)))
                .isEqualTo(words(expected.get(i).tags().get(tag)));
          }
        }
      }
    }
  }

  private static List<String> words(PriceTag tag) {
    return List.of(
        tag.price().map(price -> price.value().toString()).orElse(""),
        tag.name().map(Recognized::value).orElse(""));
  }
}
