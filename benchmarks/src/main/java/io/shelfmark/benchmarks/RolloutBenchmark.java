package io.shelfmark.benchmarks;

import io.shelfmark.inference.EngineInUse;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.PhotoOutcome;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.ReadOptions;
import io.shelfmark.inference.ShelfPhoto;
import io.shelfmark.inference.ShelfReading;
import io.shelfmark.inference.rollout.RollingRecognizer;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does the way through a rolling recognizer cost a photo? The models behind it answer at once,
 * so that the rest is its own: the count of holders, the figures, the choice of a version. {@code
 * direct} is the same call without it.
 *
 * <pre>
 * java -jar benchmarks/target/shelfmark-benchmarks.jar RolloutBenchmark -f 1 -wi 3 -w 1 -i 5 -r 1 \
 *     -t 2 -prof gc</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RolloutBenchmark {

  /** Whether there is a candidate that answers half of the photos. */
  @Param({"none", "half"})
  public String canary = "none";

  private final ShelfPhoto photo = ShelfPhoto.of("photo", bytes());
  private final PriceTagRecognizer direct = new Instant();
  private RollingRecognizer rolling = RollingRecognizer.open("v1", Instant::new);

  /** JMH makes it. */
  public RolloutBenchmark() {}

  private static byte[] bytes() {
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** Opens the candidate. */
  @Setup
  public void open() {
    rolling = RollingRecognizer.open("v1", Instant::new);
    if (canary.equals("half")) {
      rolling.tryOut("v2", Instant::new);
      rolling.canary(50);
    }
  }

  /** Closes both. */
  @TearDown
  public void close() {
    rolling.close();
  }

  /** The models alone. */
  @Benchmark
  public ShelfReading direct() {
    return direct.recognize(photo);
  }

  /** The same behind a rolling recognizer. */
  @Benchmark
  public ShelfReading rolling() {
    return rolling.recognize(photo);
  }

  private static final class Instant implements PriceTagRecognizer {
    private static final ShelfReading READING = new ShelfReading("photo", 1, 1, List.of());

    @Override
    public ShelfReading recognize(ShelfPhoto photo, ReadOptions options) {
      return READING;
    }

    @Override
    public CompletableFuture<ShelfReading> recognizeAsync(ShelfPhoto photo, ReadOptions options) {
      return CompletableFuture.completedFuture(READING);
    }

    @Override
    public List<PhotoOutcome> recognizeAll(Collection<ShelfPhoto> photos) {
      return List.of();
    }

    @Override
    public EngineInUse engine() {
      return EngineInUse.of(ExecutionProvider.CPU);
    }

    @Override
    public void close() {}
  }
}
