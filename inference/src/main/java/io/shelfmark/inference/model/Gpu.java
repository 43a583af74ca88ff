package io.shelfmark.inference.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A GPU as its driver calls it.
 *
 * @param name such as {@code NVIDIA L4}
 * @param driver version of the driver
 */
record Gpu(String name, String driver) {

  private static final long SECONDS = 20;

  /**
   * The GPU that CUDA gives this number; nothing where {@code nvidia-smi}, which comes with the
   * driver, is missing.
   */
  static Optional<Gpu> find(int device) {
    ProcessBuilder command =
        new ProcessBuilder(
            "nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader");
    Process process;
    try {
      process = command.redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return choose(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8),
            device,
            System.getenv());
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
    return Optional.empty();
  }

  /**
   * Chooses among lines of {@code name, driver}. Those are in the order of the PCI bus; CUDA counts
   * the fastest first unless {@code CUDA_DEVICE_ORDER} says so too, and only those of {@code
   * CUDA_VISIBLE_DEVICES} (CUDA Programming Guide, "Environment Variables"). Where the GPUs differ
   * and that order is not known, the name tells of all that it may be, so that none is taken for
   * another.
   */
  static Optional<Gpu> choose(String csv, int device, Map<String, String> environment) {
    List<Gpu> all = csv.lines().flatMap(line -> parse(line).stream()).toList();
    if (all.stream().distinct().count() <= 1) {
      return all.stream().findFirst();
    }
    String order = environment.getOrDefault("CUDA_DEVICE_ORDER", "");
    String visible = environment.getOrDefault("CUDA_VISIBLE_DEVICES", "");
    if (order.equals("PCI_BUS_ID") && visible.isEmpty()) {
      return all.stream().skip(device).findFirst();
    }
    String names = all.stream().map(Gpu::name).distinct().collect(Collectors.joining(" or "));
    String known =
        "%d of %s (%08x)".formatted(device, names, (csv + order + "\n" + visible).hashCode());
    return Optional.of(new Gpu(known, all.get(0).driver()));
  }

  private static Optional<Gpu> parse(String line) {
    String[] parts = line.split(",", -1);
    return parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank()
        ? Optional.of(new Gpu(parts[0].strip(), parts[1].strip()))
        : Optional.empty();
  }
}
