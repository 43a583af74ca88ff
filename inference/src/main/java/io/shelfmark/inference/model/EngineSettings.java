package io.shelfmark.inference.model;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.shelfmark.inference.ModelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.LoggerFactory;

/**
 * Starts the engine once, quietly: what must be set before it is first used, and what must be
 * switched off after. A host that has set the engines' properties itself is not overridden.
 * Thread-safe.
 */
final class EngineSettings {

  /**
   * ONNX Runtime 1.29 copies the command line of the process onto the stack of the thread that
   * starts it; a backend's long class path overruns Java's usual megabyte and ends the process
   * without a word.
   */
  private static final long STACK_BYTES = 64L << 20;

  private EngineSettings() {}

  /** Begins on first access; nothing happens while the outer class itself is loaded. */
  private static final class Starting {
    static final CompletableFuture<Void> DONE = start();

    private static CompletableFuture<Void> start() {
      // DJL reports its first use to its makers unless told not to, and looks for engines to
      // download.
      setUnlessSet("OPT_OUT_TRACKING", "true");
      setUnlessSet("ai.djl.offline", "true");
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread thread = new Thread(null, () -> start(done), "shelfmark-engine-start", STACK_BYTES);
      thread.setDaemon(true);
      thread.start();
      return done;
    }

    private static void start(CompletableFuture<Void> done) {
      try {
        EngineNatives.cached()
            .ifPresent(folder -> setUnlessSet(EngineNatives.PATH_PROPERTY, folder.toString()));
        startDjl();
        OrtEnvironment.getEnvironment().setTelemetry(false);
        done.complete(null);
      } catch (OrtException | RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    }
  }

  /**
   * DJL refuses to start in a process that has an environment of ONNX Runtime's already: a host
   * that also uses it directly would find it broken after us, so it goes first. When the host was
   * here before, it is the host's to decide.
   */
  private static void startDjl() {
    try {
      Engine.getEngine("OnnxRuntime");
    } catch (EngineException | LinkageError e) {
      LoggerFactory.getLogger(EngineSettings.class)
          .debug("DJL does not start beside the environment that is there", e);
    }
  }

  /** Begins to start the engine and returns at once. */
  static void begin() {
    Starting.DONE.isDone();
  }

  /**
   * Waits until the engine runs, starting it if nobody has begun to.
   *
   * @throws ModelException when its native library does not load
   */
  static void apply() {
    try {
      Starting.DONE.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException(
          "Cannot start ONNX Runtime: %s, expected its native library for this platform (add com.microsoft.onnxruntime:onnxruntime)"
              .formatted(cause),
          cause);
    }
  }

  private static void setUnlessSet(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
