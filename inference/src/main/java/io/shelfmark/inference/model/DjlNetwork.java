package io.shelfmark.inference.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A network in an engine that DJL knows by name. Each run borrows a predictor; the output is a copy
 * on the heap.
 */
final class DjlNetwork implements Network {

  private final Model model;
  private final ConcurrentLinkedQueue<Predictor<Input, Tensor>> idle =
      new ConcurrentLinkedQueue<>();

  private DjlNetwork(Model model) {
    this.model = model;
  }

  /** What a predictor is asked. */
  private record Input(ByteBuffer bytes, Shape shape) {}

  /**
   * Loads a model of this jar from its bytes and one of the host's from its file: DJL's TensorRT
   * takes files alone. ONNX Runtime gets the CPU, other engines what they take by themselves.
   */
  static DjlNetwork load(ModelSource source, String engine)
      throws IOException, MalformedModelException {
    Device device =
        engine.equals("OnnxRuntime") ? Device.cpu() : Engine.getEngine(engine).defaultDevice();
    Model model = Model.newInstance(source.name(), device, engine);
    Map<String, String> options = Map.of("interOpNumThreads", "1", "intraOpNumThreads", "1");
    try {
      Path file = source.path().map(Path::toAbsolutePath).orElse(null);
      if (file == null) {
        model.load(new ByteArrayInputStream(source.bytes()), options);
      } else {
        model.load(file.getParent(), String.valueOf(file.getFileName()), options);
      }
      return new DjlNetwork(model);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  @Override
  public Tensor run(ByteBuffer bytes, long[] shape) throws TranslateException {
    Predictor<Input, Tensor> predictor = idle.poll();
    if (predictor == null) {
      predictor = model.newPredictor(new Floats());
    }
    try {
      return predictor.predict(new Input(bytes, new Shape(shape)));
    } finally {
      idle.add(predictor);
    }
  }

  @Override
  public void close() {
    for (Predictor<Input, Tensor> predictor; (predictor = idle.poll()) != null; ) {
      predictor.close();
    }
    model.close();
  }

  /** Hands a whole batch to the engine without a copy. */
  private static final class Floats implements NoBatchifyTranslator<Input, Tensor> {

    @Override
    public NDList processInput(TranslatorContext context, Input input) {
      ByteBuffer bytes = input.bytes().duplicate().order(ByteOrder.nativeOrder());
      bytes.position(0).limit(Math.toIntExact(input.shape().size() * Float.BYTES));
      return new NDList(context.getNDManager().create(bytes, input.shape(), DataType.FLOAT32));
    }

    @Override
    public Tensor processOutput(TranslatorContext context, NDList outputs) {
      NDArray output = outputs.get(0);
      if (output.getDataType() != DataType.FLOAT32) {
        throw new IllegalStateException("found output of type " + output.getDataType());
      }
      return new Tensor(
          output.getShape().getShape(),
          output.toByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(),
          () -> {});
    }
  }
}
