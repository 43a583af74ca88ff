package io.shelfmark.inference.model;

import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.shelfmark.inference.DeadlineException;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.batching.StagePolicy;
import io.shelfmark.inference.image.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One ONNX model with one float input and one float output.
 *
 * <p>On the CPU all threads share one session with one engine thread. That is what a CPU does best:
 * N callers on N cores instead of one caller on N engine threads. Thread-safe; whoever loads a
 * model closes it.
 */
public final class OnnxModel implements AutoCloseable {

  private final String name;
  private Network network;
  private volatile @Nullable Consumer<long[]> listener;

  /** A model that runs on {@code network}, and closes it. */
  OnnxModel(String name, Network network) {
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

  /** Makes a network of a model's bytes. */
  interface NetworkLoader {
    Network load(byte[] onnx) throws OrtException;
  }

  /**
   * The version of ONNX Runtime that runs the models.
   *
   * @throws ModelException when the engine does not start
   */
  public static String engineVersion() {
    EngineSettings.apply();
    return OrtEnvironment.getEnvironment().getVersion();
  }

  /**
   * Loads {@code source} into ONNX Runtime on the CPU.
   *
   * @throws ModelException when its bytes are no ONNX model or the engine does not start
   */
  public static OnnxModel load(ModelSource source) {
    return load(source, bytes -> OrtNetwork.load(bytes, options -> {}));
  }

  static OnnxModel load(ModelSource source, NetworkLoader loader) {
    EngineSettings.begin();
    byte[] bytes = source.bytes();
    EngineSettings.apply();
    try {
      return new OnnxModel(source.name(), loader.load(bytes));
    } catch (OrtException | RuntimeException e) {
      throw unloadable(source, "ONNX Runtime", e);
    }
  }

  /**
   * Loads {@code source} into an engine that DJL knows as {@code engine}: the way to engines other
   * than ONNX Runtime, and the peer that ours is measured against. With {@code TensorRT} a source
   * may be a plan that TensorRT has built.
   *
   * @throws ModelException when DJL has no such engine, or the engine does not take the model or
   *     does not start
   */
  public static OnnxModel loadWithDjl(ModelSource source, String engine) {
    EngineSettings.apply();
    if (!Engine.hasEngine(engine)) {
      throw new ModelException(
          "Cannot load model %s: found no engine %s, expected one that DJL finds on the class path (add its artifact)"
              .formatted(source.name(), engine));
    }
    try {
      return new OnnxModel(source.name(), DjlNetwork.load(source, engine));
    } catch (IOException | MalformedModelException | RuntimeException e) {
      throw unloadable(source, engine, e);
    }
  }

  private static ModelException unloadable(ModelSource source, String engine, Exception cause) {
    return new ModelException(
        "Cannot load model %s: %s, expected an ONNX model that %s can run"
            .formatted(source.name(), reason(cause), engine),
        cause);
  }

  /**
   * Tries the model on zeros, so that one that is not what its stage needs is refused when it is
   * loaded and not on the first photo. It costs a run: stages try the smallest input they may send.
   *
   * @param input shape of the input, the batch first
   * @param output the shape that the output has to have then
   * @throws ModelException when the model does not take that input or gives another output
   */
  public void requireContract(long[] input, long[] output) {
    try (NativeBuffer memory = new NativeBuffer();
        Tensor found = run(zeros(memory, input), input)) {
      if (!Arrays.equals(found.shape(), output)) {
        throw new ModelException(
            "Cannot use model %s: found output of shape %s for input of shape %s, expected %s (check that it is the model for this stage)"
                .formatted(
                    name,
                    Arrays.toString(found.shape()),
                    Arrays.toString(input),
                    Arrays.toString(output)));
      }
    }
  }

  /** An input of this shape, in {@code memory}. */
  static ByteBuffer zeros(NativeBuffer memory, long[] shape) {
    int bytes = Float.BYTES;
    for (long extent : shape) {
      bytes = Math.multiplyExact(bytes, Math.toIntExact(extent));
    }
    return memory.view(bytes).put(0, new byte[bytes]);
  }

  /**
   * Runs the model once.
   *
   * @param input a direct buffer in native order that holds {@code shape}'s floats from its start:
   *     the fewer different ones, the less garbage; read during the call alone, though the model
   *     may know it again
   * @param shape the input's shape, the batch first; not kept
   * @return the output, which the caller closes
   * @throws ModelException when the model does not take this shape
   * @throws DeadlineException when the caller's deadline passes while it waits for others' runs
   * @throws IllegalStateException when the caller is interrupted while it waits so
   */
  public Tensor run(ByteBuffer input, long... shape) {
    Consumer<long[]> told = listener;
    if (told != null) {
      told.accept(shape);
    }
    try {
      return network.run(input, shape);
    } catch (DeadlineException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Cannot run model %s: the caller was interrupted".formatted(name), e);
    } catch (Exception e) {
      throw new ModelException(
          "Cannot run model %s: %s, expected floats for one input of shape %s (check the model's contract)"
              .formatted(name, reason(e), Arrays.toString(shape)),
          e);
    }
  }

  /** What the engine said, on one line and without the exceptions that DJL wraps around it. */
  static String reason(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage()).strip().replaceAll("\\s+", " ");
  }

  /**
   * Puts runs of several callers together from now on, where {@code policy} says so, or does not
   * any more. Call it while nobody else uses the model.
   */
  public void batch(StagePolicy policy) {
    Network plain = network instanceof BatchedNetwork batched ? batched.unwrap() : network;
    network = policy.isBatched() ? new BatchedNetwork(name, plain, policy) : plain;
  }

  /**
   * Tells {@code value} the input shape of every run from now on, which may change after the call:
   * for benchmarks.
   */
  public void onRun(Consumer<long[]> value) {
    listener = value;
  }

  /**
   * Tells {@code value} of each run of the engine from now on: of the runs themselves where several
   * callers' are put together. Call it before {@link #batch}, while nobody else uses the model.
   */
  public void meter(RunMeter value) {
    network = new MeteredNetwork(network, value);
  }

  @Override
  public void close() {
    network.close();
  }
}
