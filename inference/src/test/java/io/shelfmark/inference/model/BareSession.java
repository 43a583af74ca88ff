package io.shelfmark.inference.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;

/**
 * The least that a run can cost: one session, and one pair of tensors that is run again and again.
 * What {@link OnnxModel#run} takes longer is ours. For one thread.
 */
public final class BareSession implements AutoCloseable {

  private final OrtSession session;
  private final OnnxTensor in;
  private final OnnxTensor out;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;

  /** A session with one engine thread for runs of one shape. */
  public BareSession(byte[] onnx, long[] inputShape, long[] outputShape) throws OrtException {
    EngineSettings.apply();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(onnx, options);
    }
    in = OnnxTensor.createTensor(environment, zeros(inputShape).asFloatBuffer(), inputShape);
    out = OnnxTensor.createTensor(environment, zeros(outputShape).asFloatBuffer(), outputShape);
    inputs = Collections.singletonMap(session.getInputNames().iterator().next(), in);
    outputs = Collections.singletonMap(session.getOutputNames().iterator().next(), out);
  }

  private static ByteBuffer zeros(long[] shape) {
    int bytes = Float.BYTES;
    for (long extent : shape) {
      bytes *= (int) extent;
    }
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** One run. */
  public int run() throws OrtException {
    try (OrtSession.Result result = session.run(inputs, outputs)) {
      return result.size();
    }
  }

  @Override
  public void close() throws OrtException {
    in.close();
    out.close();
    session.close();
  }
}
