package io.shelfmark.benchmarks;

import io.shelfmark.inference.Priority;
import io.shelfmark.inference.batching.BatchLimits;
import io.shelfmark.inference.batching.BatchStage;
import io.shelfmark.inference.batching.Batcher;
import io.shelfmark.inference.batching.Deadline;
import io.shelfmark.inference.batching.Request;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.model.BareSession;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import io.shelfmark.inference.model.TinyOnnx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do we cost beside the engine? {@code bareSession} is the engine's own call on a network that
 * does nothing, {@code model} the same through {@code OnnxModel}, {@code batchedModel} that with a
 * batcher in between that finds a free lane. The others are the batcher alone on work that is none:
 * run by the caller, and handed to another thread and back.
 *
 * <pre>java -jar benchmarks/target/shelfmark-benchmarks.jar BatcherBenchmark -prof gc</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx512m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatcherBenchmark {

  private static final long[] SHAPE = {1, 1, 1, 8};
  private static final long[] ANSWER = {1, 2};

  private final ByteBuffer input =
      ByteBuffer.allocateDirect(8 * Float.BYTES).order(ByteOrder.nativeOrder());
  private final Request request = new Request("benchmark", Priority.INTERACTIVE, Deadline.never());
  private final Batcher<Integer, Integer> batcher =
      new Batcher<>(BatchLimits.of(1, 8), new Nothing());
  private final BareSession bare;
  private final OnnxModel model;
  private final OnnxModel batched;

  /** Loads a network that does nothing. */
  public BatcherBenchmark() {
    byte[] onnx = TinyOnnx.answering(SHAPE.length, ANSWER, 7, 8);
    try {
      Path folder = Files.createTempDirectory("batcher-benchmark");
      ModelSource source = ModelSource.file(TinyOnnx.write(folder, "tiny", onnx, "{}"));
      model = OnnxModel.load(source);
      batched = OnnxModel.load(source);
      batched.batch(StagePolicy.of(1, 8));
      bare = new BareSession(onnx, SHAPE, ANSWER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Work that is none. */
  private static final class Nothing implements BatchStage<Integer, Integer> {
    @Override
    public List<Integer> run(List<Integer> items) {
      return items;
    }

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public String describe(Integer item) {
      return "do nothing " + item;
    }

    @Override
    public IllegalStateException closed() {
      return new IllegalStateException("closed");
    }
  }

  /** So that the first run with the shape is behind. */
  @Setup
  public void learn() {
    model();
    batchedModel();
  }

  /** Frees all. */
  @TearDown
  public void close() throws Exception {
    batcher.close();
    model.close();
    batched.close();
    bare.close();
  }

  /** The engine's own call. */
  @Benchmark
  public int bareSession() throws Exception {
    return bare.run();
  }

  /** The same through the class that the stages use. */
  @Benchmark
  public float model() {
    try (Tensor answer = model.run(input, SHAPE)) {
      return answer.at(0);
    }
  }

  /** The same with a batcher in between. */
  @Benchmark
  public float batchedModel() {
    try (Tensor answer = batched.run(input, SHAPE)) {
      return answer.at(0);
    }
  }

  /** The caller finds a free lane. */
  @Benchmark
  public int call() throws Exception {
    return batcher.call(1, request);
  }

  /** Another thread does it. */
  @Benchmark
  public int submitAndGet() throws Exception {
    return batcher.submit(1, request).get();
  }

  /** The same with a deadline that does not pass. */
  @Benchmark
  public int submitAndGetWithDeadline() throws Exception {
    Request hurried =
        new Request("benchmark", Priority.INTERACTIVE, Deadline.in(Duration.ofSeconds(10)));
    return batcher.submit(1, hurried).get();
  }
}
