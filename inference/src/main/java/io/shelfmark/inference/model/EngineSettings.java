package io.shelfmark.inference.model;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.shelfmark.inference.ModelException;
import org.jspecify.annotations.Nullable;

/**
 * Starts the engine once, quietly: what must be set before DJL is first used, and what must be
 * switched off after. A host that has set DJL's properties itself is not overridden.
 */
final class EngineSettings {

  /**
   * ONNX Runtime 1.29 copies the command line of the process onto the stack of the thread that
   * starts it; a backend's long class path overruns Java's usual megabyte and ends the process
   * without a word.
   */
  private static final long STACK_BYTES = 64L << 20;

  private static boolean started;

  private EngineSettings() {}

  /**
   * Starts the engine unless it runs already. Thread-safe.
   *
   * @throws ModelException when its native library does not load
   */
  static synchronized void apply() {
    if (started) {
      return;
    }
    // DJL reports its first use to its makers unless told not to, and looks for engines to
    // download.
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("ai.djl.offline", "true");
    Start start = new Start();
    Thread thread = new Thread(null, start, "shelfmark-engine-start", STACK_BYTES);
    thread.start();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (start.failure != null) {
      throw new ModelException(
          "Cannot start ONNX Runtime: %s, expected its native library for this platform (add com.microsoft.onnxruntime:onnxruntime)"
              .formatted(start.failure),
          start.failure);
    }
    started = true;
  }

  private static void setUnlessSet(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /** DJL first: it sets up the environment that the last line then finds. */
  private static final class Start implements Runnable {
    private volatile @Nullable Throwable failure;

    @Override
    public void run() {
      try {
        Engine.getEngine("OnnxRuntime");
        OrtEnvironment.getEnvironment().setTelemetry(false);
      } catch (OrtException | RuntimeException | LinkageError e) {
        failure = e;
      }
    }
  }
}
