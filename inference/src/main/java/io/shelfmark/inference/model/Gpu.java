package io.shelfmark.inference.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A GPU as its driver calls it.
 *
 * @param name such as {@code NVIDIA L4}
 * @param driver version of the driver
 */
record Gpu(String name, String driver) {

  private static final long SECONDS = 20;

  /** The GPU of this number; nothing where {@code nvidia-smi}, which comes with the driver, is. */
  static Optional<Gpu> find(int device) {
    ProcessBuilder command =
        new ProcessBuilder(
            "nvidia-smi",
            "--query-gpu=name,driver_version",
            "--format=csv,noheader",
            "--id=" + device);
    Process process;
    try {
      process = command.redirectErrorStream(true).start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try {
      if (process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
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

  /** Reads {@code name, driver} of the first line. */
  static Optional<Gpu> parse(String csv) {
    String[] parts = csv.strip().split("\\R", 2)[0].split(",", -1);
    return parts.length == 2 && !parts[0].isBlank() && !parts[1].isBlank()
        ? Optional.of(new Gpu(parts[0].strip(), parts[1].strip()))
        : Optional.empty();
  }
}
