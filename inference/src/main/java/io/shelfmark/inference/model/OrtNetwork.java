package io.shelfmark.inference.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A network in ONNX Runtime, called without DJL in between: DJL hands outputs out as arrays on the
 * heap, which for the lines of one photo are megabytes.
 *
 * <p>All threads share one session with one engine thread; the engine reads the caller's buffer and
 * writes into one of ours, see {@link OrtLane}. Writing there needs the output's shape beforehand:
 * the first run with an input shape learns it, and pays a copy. A run whose shape is known costs
 * about 0.5 kB of heap, all but a tensor of it the engine's own. On a GPU the engine copies both
 * ways; the buffers are the same.
 */
final class OrtNetwork implements Network {

  private static final int EXTENT_BITS = 20;

  /** Buffers that are neither run from nor forgotten. */
  private static final int MOST_IDLE = 32;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String output;

  /** Extents of one output of the batch, by those of one input. */
  private final Map<Long, long[]> outputShapes = new ConcurrentHashMap<>();

  // guarded by idle: one lane for each buffer that inputs lately came in and nobody runs from
  private final List<OrtLane> idle = new ArrayList<>();
  private boolean closed;

  private OrtNetwork(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
    this.input = session.getInputNames().iterator().next();
    this.output = session.getOutputNames().iterator().next();
  }

  /** Puts an execution provider before the CPU's. */
  interface SessionSetup {
    void apply(OrtSession.SessionOptions options) throws OrtException;
  }

  static OrtNetwork load(byte[] onnx, SessionSetup setup) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      setup.apply(options);
      return new OrtNetwork(environment, environment.createSession(onnx, options));
    }
  }

  @Override
  public Tensor run(ByteBuffer bytes, long[] shape) throws OrtException {
    OrtLane lane = borrow(bytes);
    boolean done = false;
    try {
      OrtLane.Binding binding = binding(lane, shape);
      Tensor result = binding == null ? learn(lane, shape) : run(lane, binding);
      done = true;
      return result;
    } finally {
      if (!done) {
        giveBack(lane);
      }
    }
  }

  /** Nothing as long as the output's shape is unknown. */
  private OrtLane.@Nullable Binding binding(OrtLane lane, long[] shape) throws OrtException {
    OrtLane.Binding kept = lane.find(shape);
    if (kept != null) {
      return kept;
    }
    long[] one = outputShapes.get(key(shape));
    if (one == null) {
      return null;
    }
    long[] answer = one.clone();
    answer[0] = shape[0];
    return lane.bind(input, shape, output, answer);
  }

  private Tensor run(OrtLane lane, OrtLane.Binding binding) throws OrtException {
    try (OrtSession.Result ignored = session.run(binding.inputs, binding.outputs)) {
      return lane.lend(binding.outputShape, binding.floats);
    }
  }

  private Tensor learn(OrtLane lane, long[] inputShape) throws OrtException {
    if (session.getNumInputs() != 1) {
      throw new IllegalStateException("found inputs " + session.getInputNames());
    }
    try (OnnxTensor in = lane.tensor(inputShape);
        OrtSession.Result result = session.run(Map.of(input, in))) {
      OnnxTensor out = requireFloats(result.get(0));
      long[] shape = out.getInfo().getShape();
      FloatBuffer copy = lane.copy(out.getFloatBuffer(), shape);
      if (shape.length > 0 && shape[0] == inputShape[0]) {
        outputShapes.put(key(inputShape), shape);
      }
      return lane.lend(shape, copy);
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

  /** The lane of these inputs, which nobody else has meanwhile. */
  private OrtLane borrow(ByteBuffer bytes) {
    OrtLane stranger;
    synchronized (idle) {
      for (int i = idle.size() - 1; i >= 0; i--) {
        if (idle.get(i).takes(bytes)) {
          return idle.remove(i);
        }
      }
      stranger = idle.size() < MOST_IDLE ? null : idle.remove(0);
    }
    if (stranger != null) {
      stranger.close();
    }
    return new OrtLane(environment, bytes, this::giveBack);
  }

  private void giveBack(OrtLane lane) {
    synchronized (idle) {
      if (!closed) {
        idle.add(lane);
        return;
      }
    }
    lane.close();
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
    synchronized (idle) {
      closed = true;
      idle.forEach(OrtLane::close);
      idle.clear();
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("Cannot close a network: " + e.getMessage(), e);
    }
  }
}
