package io.shelfmark.inference.model;

import ai.djl.MalformedModelException;
import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtException;
import io.shelfmark.inference.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One ONNX model with one float input and one float output.
 *
 * <p>All threads share one session with one engine thread. That is what a CPU does best: N callers
 * on N cores instead of one caller on N engine threads. Thread-safe; whoever loads a model closes
 * it.
 */
public final class OnnxModel implements AutoCloseable {

  private final String name;
  private final Network network;
  private volatile @Nullable Consumer<long[]> listener;

  private OnnxModel(String name, Network network) {
    this.name = name;
    this.network = network;
  }

  /**
   * Begins to start the engine and returns at once, so that other work goes on meanwhile. What goes
   * wrong is told by {@link #load}.
   */
  public static void preloadEngine() {
    EngineSettings.begin();
  }

  /**
   * Loads {@code source} into ONNX Runtime.
   *
   * @throws ModelException when its bytes are no ONNX model or the engine does not start
   */
  public static OnnxModel load(ModelSource source) {
    EngineSettings.begin();
    byte[] bytes = source.bytes();
    EngineSettings.apply();
    try {
      return new OnnxModel(source.name(), OrtNetwork.load(bytes));
    } catch (OrtException | RuntimeException e) {
      throw unloadable(source, e);
    }
  }

  /**
   * Loads {@code source} into an engine that DJL knows as {@code engine}: the way to engines other
   * than ONNX Runtime, and the peer that ours is measured against.
   *
   * @throws ModelException when the engine does not take its bytes or does not start
   */
  public static OnnxModel loadWithDjl(ModelSource source, String engine) {
    byte[] bytes = source.bytes();
    EngineSettings.apply();
    try {
      return new OnnxModel(source.name(), DjlNetwork.load(source.name(), bytes, engine));
    } catch (IOException | MalformedModelException | EngineException e) {
      throw unloadable(source, e);
    }
  }

  private static ModelException unloadable(ModelSource source, Exception cause) {
    return new ModelException(
        "Cannot load model %s: %s, expected an ONNX model that the engine can run"
            .formatted(source.name(), cause.getMessage()),
        cause);
  }

  /**
   * Runs the model once.
   *
   * @param input a direct buffer in native order that holds {@code shape}'s floats from its start;
   *     not kept
   * @param shape the input's shape, the batch first
   * @return the output, which the caller closes
   * @throws ModelException when the model does not take this shape
   */
  public Tensor run(ByteBuffer input, long... shape) {
    Consumer<long[]> told = listener;
    if (told != null) {
      told.accept(shape);
    }
    try {
      return network.run(input, shape);
    } catch (Exception e) {
      throw new ModelException(
          "Cannot run model %s: %s, expected it to take input of shape %s (check the model's contract)"
              .formatted(name, e.getMessage(), Arrays.toString(shape)),
          e);
    }
  }

  /** Tells {@code value} the input shape of every run from now on: for benchmarks. */
  public void onRun(Consumer<long[]> value) {
    listener = value;
  }

  @Override
  public void close() {
    network.close();
  }
}
