package io.shelfmark.benchmarks;

import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How near is the engine to what one core can do? Beside each network's arithmetic stands what a
 * vectorized loop of fused multiply-adds reaches in the first-level cache, which the engine's own
 * code may surpass, and what memory gives to a copy. Operations of the networks are those that
 * {@code inference/training/count_flops.py} counts for these inputs. All take turns on one thread;
 * medians of its CPU time. Prints a Markdown table:
 *
 * <pre>java -cp benchmarks/target/shelfmark-benchmarks.jar io.shelfmark.benchmarks.MachinePeak
 * </pre>
 */
public final class MachinePeak {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 25;
  private static final int WARM_UP = 50;
  private static final int CHAIN = 8;
  private static final int FLOATS = 2048;
  private static final int PASSES = 2_000;
  private static final int COPIED = 64 << 20;

  private static final List<Work> WORKS =
      List.of(
          new Work("tag-detector", 1.764e9, List.of(1L, 1L, 640L, 512L)),
          new Work("field-detector", 9.817e9, List.of(33L, 1L, 192L, 320L)),
          new Work("text-recognizer", 0.202e9, List.of(1L, 1L, 32L, 256L)),
          new Work("text-recognizer", 10.997e9, List.of(109L, 1L, 32L, 128L)));

  private final float[] values = new float[FLOATS];
  private final byte[] from = new byte[COPIED];
  private final byte[] to = new byte[COPIED];

  private MachinePeak() {}

  /** A network with one input, and the operations that it takes. */
  private record Work(String model, double operations, List<Long> shape) {
    long[] extents() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Measures all. */
  public static void main(String[] args) {
    MachinePeak peak = new MachinePeak();
    double multiplyAdds = 2.0 * CHAIN * FLOATS * PASSES;
    double most = multiplyAdds / peak.nanos(peak::multiplyAdd);
    System.out.println(
        "| on one core | time | 10^9 operations/s | of the loop's |\n|---|---|---|---|");
    System.out.printf(Locale.ROOT, "| multiply-adds in a loop of Java | | %.0f | 1.00 |%n", most);
    for (Work work : WORKS) {
      try (OnnxModel model = OnnxModel.load(ModelSource.bundled(work.model()))) {
        long[] shape = work.extents();
        long bytes = Arrays.stream(shape).reduce(Float.BYTES, (a, b) -> a * b);
        ByteBuffer input =
            ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
        double nanos = peak.nanos(() -> model.run(input, shape).close());
        System.out.printf(
            Locale.ROOT,
            "| %s, %s | %.2f ms | %.0f | %.2f |%n",
            work.model(),
            work.shape().stream().map(String::valueOf).collect(Collectors.joining(" x ")),
            nanos / 1e6,
            work.operations() / nanos,
            work.operations() / nanos / most);
      }
    }
    double copy = peak.nanos(() -> System.arraycopy(peak.from, 0, peak.to, 0, COPIED));
    System.out.printf(
        Locale.ROOT,
        "%nA copy in memory reads and writes %.1f GB/s together.%n",
        2 * COPIED / copy);
  }

  /** Eight a value: nothing waits for memory, and vectors beside each other hide the latency. */
  private void multiplyAdd() {
    for (int pass = 0; pass < PASSES; pass++) {
      multiplyAdd(values);
    }
  }

  private static void multiplyAdd(float[] values) {
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      x = Math.fma(x, 0.5f, 1f);
      values[i] = x;
    }
  }

  private double nanos(Runnable work) {
    double[] nanos = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long before = THREADS.getCurrentThreadCpuTime();
      work.run();
      if (round >= 0) {
        nanos[round] = THREADS.getCurrentThreadCpuTime() - before;
      }
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2];
  }
}
