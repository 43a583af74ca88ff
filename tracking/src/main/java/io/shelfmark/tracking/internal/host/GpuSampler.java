package io.shelfmark.tracking.internal.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks {@code nvidia-smi} for the graphics cards, where there is one. Not thread-safe. */
final class GpuSampler {

  private static final String[] COMMAND = {
    "nvidia-smi",
    "--query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw",
    "--format=csv,noheader,nounits"
  };

  private static final double MEBIBYTE_IN_MEGABYTES = 1.048576;

  private final Supplier<String> source;
  private boolean isThere = true;

  GpuSampler() {
    this(GpuSampler::ask);
  }

  /** With another source of what the program prints; empty where there is no program. */
  GpuSampler(Supplier<String> source) {
    this.source = source;
  }

  void addTo(Map<String, Double> values) {
    if (!isThere) {
      return;
    }
    String lines = source.get();
    isThere = !lines.isBlank();
    lines.lines().map(line -> line.split("\\s*,\\s*", -1)).forEach(parts -> add(parts, values));
  }

  private static void add(String[] parts, Map<String, Double> values) {
    if (parts.length != 5) {
      return;
    }
    String gpu = "system/gpu_" + parts[0].strip() + "_";
    put(values, gpu + "utilization_percentage", parts[1], 1);
    put(values, gpu + "memory_usage_megabytes", parts[2], MEBIBYTE_IN_MEGABYTES);
    put(values, gpu + "power_usage_watts", parts[4], 1);
    try {
      double share = Double.parseDouble(parts[2]) / Double.parseDouble(parts[3]);
      values.put(gpu + "memory_usage_percentage", 100 * share);
    } catch (NumberFormatException e) {
      // a card that does not tell
    }
  }

  private static void put(Map<String, Double> values, String key, String text, double factor) {
    try {
      values.put(key, factor * Double.parseDouble(text.strip()));
    } catch (NumberFormatException e) {
      // "[N/A]": a card that does not tell
    }
  }

  private static String ask() {
    try {
      Process process =
          new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS).execute(process::destroyForcibly);
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
