package io.shelfmark.benchmarks;

import io.shelfmark.inference.ObservedRecognizer;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one photo cost on one thread, in time and in garbage, and how much of that is the bare
 * engine and the bare decoder? {@link PhotoParts} times the picture work between them.
 *
 * <p>By {@code gc.alloc.rate.norm}, the heap beside the results is {@code recognizeWithoutCodes}
 * less {@code copyReading}.
 *
 * <pre>java -jar benchmarks/target/shelfmark-benchmarks.jar RecognitionBenchmark \
 *     -prof gc -prof io.shelfmark.benchmarks.CpuTime</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 5)
public class RecognitionBenchmark {

  private static final int TAGS = 32;

  /**
   * A close-up of 640 x 853 pixels, or a shelf of 3000 x 4000 with 32 tags of little text, of much
   * text or of up to ten lines each; the last one's seed is one that gives more than 224 lines.
   */
  @Param({"close-up", "shelf", "wordy-shelf", "full-shelf"})
  public String scene = "close-up";

  private final PriceTagRecognizer recognizer = PriceTagRecognizer.open();
  private final ObservedRecognizer observed = ObservedRecognizer.open();
  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 2);

  private byte[] bytes = {};
  private ShelfPhoto photo = ShelfPhoto.of("none", bytes);
  private ShelfReading reading = new ShelfReading("none", 1, 1, List.of());
  private @Nullable DecodedPhoto decoded;

  /** Draws the photo, reads it once and tells what is in it. */
  @Setup
  public void draw() {
    bytes =
        switch (scene) {
          case "shelf" -> shelf(20).photo(0).jpeg();
          case "wordy-shelf" -> shelf(1).photo(0).jpeg();
          case "full-shelf" -> shelf(24).fullTags().photo(0).jpeg();
          default ->
              PhotoGenerator.seeded(20).only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg();
        };
    photo = ShelfPhoto.of(scene, bytes);
    reading = observed.observe(photo);
    decoded = decoder.decode(scene, bytes, PixelFormat.GRAY);
    System.out.printf("%s: %d tags, %d lines%n", scene, reading.tags().size(), observed.lines());
  }

  private static PhotoGenerator shelf(long seed) {
    return PhotoGenerator.seeded(seed).sized(3000, 4000).withTags(TAGS);
  }

  /** Frees models and buffers. */
  @TearDown
  public void close() {
    recognizer.close();
    observed.close();
    decoded().close();
    decoder.close();
  }

  /** Bytes in, tags out. */
  @Benchmark
  public ShelfReading recognize() {
    return recognizer.recognize(photo);
  }

  /** The same without looking into bar codes and QR codes, which ZXing does. */
  @Benchmark
  public ShelfReading recognizeWithoutCodes() {
    return observed.recognize(photo);
  }

  /** Those codes alone, where the tags have them. */
  @Benchmark
  public int findCodes() {
    return observed.findCodes(decoded());
  }

  /** The least it can take: the same runs on the same sessions. */
  @Benchmark
  public int runEngine() {
    return observed.runEngine();
  }

  /** What OpenCV's decoder alone takes. */
  @Benchmark
  public int decode() {
    try (DecodedPhoto fresh = decoder.decode(scene, bytes, PixelFormat.GRAY)) {
      return fresh.width();
    }
  }

  /** What the reading itself weighs. */
  @Benchmark
  public ShelfReading copyReading() {
    return ReadingCopy.of(reading);
  }

  private DecodedPhoto decoded() {
    return Objects.requireNonNull(decoded);
  }
}
