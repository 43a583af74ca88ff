package io.shelfmark.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.bulk.BulkPhoto;
import io.shelfmark.inference.bulk.BulkProgress;
import io.shelfmark.inference.bulk.BulkRecognition;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a bulk run costs beside the recognizer, and whether it goes through a small heap: photos of
 * 33 tags that a recognizer of no cost has read, put on record, and the next run that finds them
 * there.
 *
 * <pre>
 * java -Xmx64m -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.BulkOverhead \
 *     FOLDER [PHOTOS]</pre>
 */
public final class BulkOverhead {

  private BulkOverhead() {}

  /** 300,000 photos by default. */
  public static void main(String[] args) throws Exception {
    Path results = Files.createDirectories(Path.of(args[0])).resolve("overhead.jsonl");
    int count = args.length > 1 ? Integer.parseInt(args[1]) : 300_000;
    Files.deleteIfExists(results);
    print("put on record", count, results);
    System.out.printf("%,d bytes%n", Files.size(results));
    print("found there", count, results);
    Files.delete(results);
  }

  private static void print(String what, int count, Path results) {
    long cpu = cpuNanos();
    BulkProgress done = BulkRecognition.of(new Instantly()).run(photos(count), results);
    double seconds = done.elapsed().toNanos() / 1e9;
    System.out.printf(
        "%,d photos %s: %.1f s, %.1f us of CPU time each; %d read, %d skipped%n",
        count, what, seconds, (cpuNanos() - cpu) / 1e3 / count, done.read(), done.skipped());
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Stream<BulkPhoto> photos(int count) {
    Instant modified = Instant.parse("2025-01-31T10:15:30Z");
    return IntStream.range(0, count)
        .mapToObj(i -> "store-%d/2025-01-31/shelf-%d.jpg".formatted(i % 700, i))
        .map(name -> new BulkPhoto(name, 1, modified, () -> ShelfPhoto.of(name, new byte[1])));
  }

  /** Has read every photo before it is asked. */
  private static final class Instantly implements PriceTagRecognizer {

    private static final PriceTag TAG =
        PriceTag.builder(new Detection(Outline.of(new Box(100.25, 200.5, 300.75, 400)), 0.9))
            .price(new Recognized<>(new Price(21999, Currency.getInstance("RUB")), 0.9876))
            .name(new Recognized<>("Молоко ДОМИК В ДЕРЕВНЕ 3,2% 930мл", 0.8765))
            .build();
    private static final List<PriceTag> TAGS = Collections.nCopies(33, TAG);

    @Override
    public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
      return new ShelfReading(photo.name(), 3000, 4000, TAGS);
    }

    @Override
    public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
      return CompletableFuture.completedFuture(recognize(photo));
    }

    @Override
    public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
      throw new UnsupportedOperationException("Cannot read all: bulk asks for one after the other");
    }

    @Override
    public EngineInUse engine() {
      return EngineInUse.of(ExecutionProvider.CPU);
    }

    @Override
    public void close() {}
  }
}
