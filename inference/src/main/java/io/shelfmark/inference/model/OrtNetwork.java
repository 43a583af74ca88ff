package io.shelfmark.inference.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A network in ONNX Runtime on the CPU, called without DJL in between: DJL hands outputs out as
 * arrays on the heap, which for the lines of one photo are megabytes.
 *
 * <p>All threads share one session with one engine thread; the engine reads the caller's buffer and
 * writes into one of ours. Writing there needs the output's shape beforehand: the first run with an
 * input shape learns it, and pays a copy. A run costs about 1.3 kB of heap.
 */
final class OrtNetwork implements Network {

  private static final int EXTENT_BITS = 20;
  private static final int GRAIN = 1 << 16;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String output;

  /** Extents of one output of the batch, by those of one input. */
  private final Map<Long, long[]> outputShapes = new ConcurrentHashMap<>();

  /** As many buffers as runs were ever at work at once, each as large as its largest output. */
  private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  private OrtNetwork(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
    this.input = session.getInputNames().iterator().next();
    this.output = session.getOutputNames().iterator().next();
  }

  static OrtNetwork load(byte[] onnx) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new OrtNetwork(environment, environment.createSession(onnx, options));
    }
  }

  @Override
  public Tensor run(ByteBuffer bytes, long[] shape) throws OrtException {
    FloatBuffer floats = bytes.asFloatBuffer().limit(elements(shape));
    long[] one = outputShapes.get(key(shape));
    try (OnnxTensor in = OnnxTensor.createTensor(environment, floats, shape)) {
      return one == null ? learn(in, shape) : run(in, shape[0], one);
    }
  }

  private Tensor run(OnnxTensor in, long batch, long[] one) throws OrtException {
    long[] shape = one.clone();
    shape[0] = batch;
    Tensor result = lend(shape);
    boolean done = false;
    FloatBuffer floats = result.floats().limit(elements(shape));
    try (OnnxTensor out = OnnxTensor.createTensor(environment, floats, shape);
        OrtSession.Result ignored = session.run(Map.of(input, in), Map.of(output, out))) {
      done = true;
      return result;
    } finally {
      if (!done) {
        result.close();
      }
    }
  }

  private Tensor learn(OnnxTensor in, long[] inputShape) throws OrtException {
    if (session.getNumInputs() != 1) {
      throw new IllegalStateException("found inputs " + session.getInputNames());
    }
    try (OrtSession.Result result = session.run(Map.of(input, in))) {
      OnnxTensor out = requireFloats(result.get(0));
      long[] shape = out.getInfo().getShape();
      Tensor copy = lend(shape);
      copy.floats().put(0, out.getFloatBuffer(), 0, elements(shape));
      if (shape.length > 0 && shape[0] == inputShape[0]) {
        outputShapes.put(key(inputShape), shape);
      }
      return copy;
    }
  }

  /** A buffer of ours takes floats alone, and asking a tensor of others for floats gives null. */
  private static OnnxTensor requireFloats(OnnxValue output) {
    if (!(output instanceof OnnxTensor tensor)) {
      throw new IllegalStateException("found output of type " + output.getType());
    }
    if (tensor.getInfo().type != OnnxJavaType.FLOAT) {
      throw new IllegalStateException(
          "found output of type " + tensor.getInfo().type.name().toLowerCase(Locale.ROOT));
    }
    return tensor;
  }

  private Tensor lend(long[] shape) {
    int bytes = Math.multiplyExact(elements(shape), Float.BYTES);
    ByteBuffer memory = idle.poll();
    if (memory == null || memory.capacity() < bytes) {
      int capacity = Math.multiplyExact(bytes / GRAIN + 1, GRAIN);
      memory = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }
    return new Tensor(shape, memory, idle);
  }

  private static int elements(long[] shape) {
    long count = 1;
    for (long extent : shape) {
      count = Math.multiplyExact(count, extent);
    }
    return Math.toIntExact(count);
  }

  /** The extents of one input in one number. */
  private static long key(long[] shape) {
    long key = 0;
    for (int i = 1; i < shape.length; i++) {
      key = key << EXTENT_BITS | shape[i];
    }
    return key;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close a network: " + e.getMessage(), e);
    }
  }
}
