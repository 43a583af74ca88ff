package io.shelfmark.inference.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.shelfmark.inference.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One ONNX model with one float input and one float output, run by ONNX Runtime through DJL.
 *
 * <p>All threads share one session with one engine thread; each run borrows a predictor. That is
 * what a CPU does best: N callers on N cores instead of one caller on N engine threads.
 * Thread-safe; whoever loads a model closes it.
 */
public final class OnnxModel implements AutoCloseable {

  private final String name;
  private final Model model;
  private final ConcurrentLinkedQueue<Predictor<Tensor, Tensor>> idle =
      new ConcurrentLinkedQueue<>();

  private OnnxModel(String name, Model model) {
    this.name = name;
    this.model = model;
  }

  /**
   * Loads {@code source} into the engine.
   *
   * @throws ModelException when its bytes are no ONNX model or the engine does not start
   */
  public static OnnxModel load(ModelSource source) {
    byte[] bytes = source.bytes();
    EngineSettings.apply();
    Model model = Model.newInstance(source.name(), "OnnxRuntime");
    try {
      model.load(
          new ByteArrayInputStream(bytes),
          Map.of("interOpNumThreads", "1", "intraOpNumThreads", "1"));
      return new OnnxModel(source.name(), model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new ModelException(
          "Cannot load model %s: %s, expected an ONNX model that ONNX Runtime can run"
              .formatted(source.name(), reason(e)),
          e);
    }
  }

  /**
   * Tries the model on an empty input, so that one that is not what its stage needs is refused when
   * it is loaded and not on the first photo.
   *
   * @param input shape of the input, the batch first
   * @param output the shape that the output has to have then
   * @throws ModelException when the model does not take that input or gives another output
   */
  public void requireContract(long[] input, long[] output) {
    Shape shape = new Shape(input);
    int bytes = Math.toIntExact(shape.size() * Float.BYTES);
    Tensor found = run(ByteBuffer.allocateDirect(bytes), input);
    if (!Arrays.equals(found.shape(), output)) {
      throw new ModelException(
          "Cannot use model %s: found output of shape %s for input of shape %s, expected %s (check that it is the model for this stage)"
              .formatted(name, new Shape(found.shape()), shape, new Shape(output)));
    }
  }

  /**
   * Runs the model once.
   *
   * @param input a direct buffer in native order that holds {@code shape}'s floats from its start;
   *     not kept
   * @param shape the input's shape, the batch first
   * @return the output, in an array of the caller's own
   * @throws ModelException when the model does not take this shape
   */
  public Tensor run(ByteBuffer input, long... shape) {
    Predictor<Tensor, Tensor> predictor = idle.poll();
    if (predictor == null) {
      predictor = model.newPredictor(new Floats());
    }
    try {
      return predictor.predict(new Tensor(shape, input.duplicate().order(ByteOrder.nativeOrder())));
    } catch (TranslateException | RuntimeException e) {
      throw new ModelException(
          "Cannot run model %s: %s, expected floats for one input of shape %s (check the model's contract)"
              .formatted(name, reason(e), new Shape(shape)),
          e);
    } finally {
      idle.add(predictor);
    }
  }

  /** What the engine said, on one line and without the exceptions that DJL wraps around it. */
  private static String reason(Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    return String.valueOf(reason.getMessage()).strip().replaceAll("\\s+", " ");
  }

  @Override
  public void close() {
    for (Predictor<Tensor, Tensor> predictor; (predictor = idle.poll()) != null; ) {
      predictor.close();
    }
    model.close();
  }

  /**
   * Hands a whole batch to the engine without a copy; the output is copied once, out of native
   * memory.
   */
  private static final class Floats implements NoBatchifyTranslator<Tensor, Tensor> {

    @Override
    public NDList processInput(TranslatorContext context, Tensor tensor) {
      Shape shape = new Shape(tensor.shape());
      ByteBuffer bytes = tensor.bytes();
      bytes.position(0).limit(Math.toIntExact(shape.size() * Float.BYTES));
      return new NDList(context.getNDManager().create(bytes, shape, DataType.FLOAT32));
    }

    @Override
    public Tensor processOutput(TranslatorContext context, NDList outputs) {
      NDArray output = outputs.get(0);
      if (output.getDataType() != DataType.FLOAT32) {
        throw new IllegalStateException("found output of type " + output.getDataType());
      }
      return new Tensor(
          output.getShape().getShape(), output.toByteBuffer().order(ByteOrder.nativeOrder()));
    }
  }
}
