package io.shelfmark.benchmarks;

import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.util.concurrent.TimeUnit;
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
 * How long does one photo take on one thread, and how much of that is the bare decoding of its
 * bytes?
 *
 * <pre>java -jar benchmarks/target/shelfmark-benchmarks.jar RecognitionBenchmark -prof gc</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 10)
public class RecognitionBenchmark {

  /** A close-up of 640 x 853 pixels, or a shelf of 12 megapixels with 32 tags. */
  @Param({"close-up", "shelf"})
  public String scene = "close-up";

  private byte[] bytes = {};
  private ShelfPhoto photo = ShelfPhoto.of("none", bytes);
  private final PhotoDecoder decoder = new PhotoDecoder(PhotoDecoder.DEFAULT_MAX_PIXELS, 1);
  private PriceTagRecognizer everything = PriceTagRecognizer.open();

  /** Draws the photo. */
  @Setup
  public void draw() {
    PhotoGenerator generator = PhotoGenerator.seeded(20);
    bytes =
        (scene.equals("shelf")
                ? generator.only(SceneKind.SHELF).sized(4000, 3000).withTags(32)
                : generator.only(SceneKind.CLOSE_UP).sized(640, 853).withTags(1))
            .photo(0)
            .jpeg();
    photo = ShelfPhoto.of(scene, bytes);
  }

  /** Frees models and buffers. */
  @TearDown
  public void close() {
    everything.close();
    decoder.close();
  }

  /** Bytes in, tags out. */
  @Benchmark
  public ShelfReading recognize() {
    return everything.recognize(photo);
  }

  /** The baseline: what OpenCV's decoder alone takes. */
  @Benchmark
  public int decodeAlone() {
    try (DecodedPhoto decoded = decoder.decode(scene, bytes)) {
      return decoded.width();
    }
  }
}
