package io.shelfmark.inference.model;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times a network and its int8 variant on this machine: both take turns on an input of usual size,
 * and the fastest run of each counts by its CPU time, since other work can only make a run longer.
 * CPU flags are not asked: they tell neither an emulated instruction nor a network that it does not
 * suit.
 */
final class Int8Trial {

  private static final Logger LOG = LoggerFactory.getLogger(Int8Trial.class);

  /** Of the runs alone; loading both takes as long again. */
  private static final long BUDGET_NANOS = Duration.ofMillis(100).toNanos();

  private static final int LEAST_ROUNDS = 5;

  /** A runtime image may lack the module; its classes are not loaded then. */
  private static final boolean HAS_CPU_TIME =
      ModuleLayer.boot().findModule("java.management").isPresent();

  /** What a variant has to save to be worth its loss. */
  private static final double GAIN = 0.9;

  private static final Map<String, long[]> INPUTS =
      Map.of(
          "tag-detector", new long[] {1, 1, 640, 512},
          "field-detector", new long[] {4, 1, 192, 320},
          "text-recognizer", new long[] {4, 1, 32, 256});

  private Int8Trial() {}

  static boolean gains(ModelSource network, ModelSource variant) {
    long[] shape = INPUTS.get(network.name());
    if (shape == null) {
      return false;
    }
    long begin = System.nanoTime();
    try (OnnxModel plain = OnnxModel.load(network);
        OnnxModel int8 = OnnxModel.load(variant)) {
      ByteBuffer input = input(shape);
      long end = 0;
      long plainNanos = Long.MAX_VALUE;
      long int8Nanos = Long.MAX_VALUE;
      // the first round warms up
      for (int i = -1; i < LEAST_ROUNDS || System.nanoTime() < end; i++) {
        long one = nanos(plain, input, shape);
        long other = nanos(int8, input, shape);
        if (i < 0) {
          end = System.nanoTime() + BUDGET_NANOS;
        } else {
          plainNanos = Math.min(plainNanos, one);
          int8Nanos = Math.min(int8Nanos, other);
        }
      }
      boolean gains = isGain(plainNanos, int8Nanos);
      LOG.info(
          "{}: {} us in fp32, {} us in int8, so {}; measured in {} ms",
          network.name(),
          plainNanos / 1000,
          int8Nanos / 1000,
          gains ? "int8" : "fp32",
          (System.nanoTime() - begin) / 1_000_000);
      return gains;
    }
  }

  /** Whether the variant is worth it; where the clock did not go on, that was not measured. */
  static boolean isGain(long plainNanos, long int8Nanos) {
    return int8Nanos > 0 && int8Nanos <= GAIN * plainNanos;
  }

  private static ByteBuffer input(long[] shape) {
    int values = 1;
    for (long extent : shape) {
      values = Math.multiplyExact(values, Math.toIntExact(extent));
    }
    ByteBuffer input =
        ByteBuffer.allocateDirect(values * Float.BYTES).order(ByteOrder.nativeOrder());
    for (int i = 0; i < values; i++) {
      // pixels, as the networks take them
      input.putFloat(i * Float.BYTES, i % 251);
    }
    return input;
  }

  private static long nanos(OnnxModel model, ByteBuffer input, long[] shape) {
    long start = now();
    model.run(input, shape).close();
    return now() - start;
  }

  /** CPU time, since the engine runs on the calling thread and other work does not add to it. */
  static long now() {
    return HAS_CPU_TIME && CpuTime.isMeasured()
        ? CpuTime.THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  private static final class CpuTime {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static boolean isMeasured() {
      return THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();
    }
  }
}
