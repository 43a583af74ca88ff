package io.shelfmark.inference.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.shelfmark.inference.image.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a network runs, once at a time: from an input buffer of the caller's to output memory of
 * the lane's own. What the engine makes of the two for a shape is kept for the next run with that
 * shape, which then leaves on the heap only what the engine's own {@code run} makes.
 *
 * <p>At most {@value #SLOTS} shapes are kept; two that share a slot push each other out. For one
 * thread at a time; the network closes it.
 */
final class OrtLane implements AutoCloseable {

  private static final int SLOT_BITS = 9;
  private static final int SLOTS = 1 << SLOT_BITS;

  /** Spreads keys over slots: Knuth's multiplicative hashing. */
  private static final int GOLDEN = 0x9E3779B9;

  private final OrtEnvironment environment;
  private final ByteBuffer input;
  private final @Nullable Binding[] kept = new Binding[SLOTS];
  private final Runnable whenClosed;
  private final NativeBuffer output = new NativeBuffer();

  /** The two ends of a run with one shape, ready to be handed to the engine. */
  static final class Binding {
    final Map<String, OnnxTensor> inputs;
    final Map<String, OnnxTensor> outputs;
    final long[] outputShape;
    final FloatBuffer floats;
    private final long[] inputShape;
    private final OnnxTensor in;
    private final OnnxTensor out;

    private Binding(OrtLane lane, String inputName, long[] shape, String outputName, long[] answer)
        throws OrtException {
      inputShape = shape.clone();
      outputShape = answer;
      floats = OrtLane.floats(lane.output.view(), answer);
      in = lane.tensor(shape);
      try {
        out = OnnxTensor.createTensor(lane.environment, floats, answer);
      } catch (OrtException e) {
        in.close();
        throw e;
      }
      // of these maps the engine's loops leave less than of Map.of
      inputs = Collections.singletonMap(inputName, in);
      outputs = Collections.singletonMap(outputName, out);
    }

    private void close() {
      in.close();
      out.close();
    }
  }

  /**
   * A lane for what lies in {@code input}, direct and in native order.
   *
   * @param giveBack takes the lane when the tensor of a run is closed
   */
  OrtLane(OrtEnvironment environment, ByteBuffer input, Consumer<OrtLane> giveBack) {
    this.environment = environment;
    this.input = input;
    this.whenClosed = () -> giveBack.accept(this);
  }

  /** The output of a run, whose closing gives the lane back. */
  Tensor lend(long[] shape, FloatBuffer floats) {
    return new Tensor(shape, floats, whenClosed);
  }

  /** A tensor over the inputs. */
  OnnxTensor tensor(long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, floats(input, shape), shape);
  }

  /** Whether it is this very buffer: buffers are equal when their contents are. */
  @SuppressWarnings("ReferenceEquality")
  boolean takes(ByteBuffer bytes) {
    return input == bytes;
  }

  /** What is kept for inputs of {@code shape}, if anything. */
  @Nullable Binding find(long[] shape) {
    Binding binding = kept[slot(shape)];
    return binding != null && Arrays.equals(binding.inputShape, shape) ? binding : null;
  }

  /** Binds inputs of {@code shape} to outputs of shape {@code answer}, and keeps that. */
  Binding bind(String inputName, long[] shape, String outputName, long[] answer)
      throws OrtException {
    grow(answer);
    Binding binding = new Binding(this, inputName, shape, outputName, answer);
    int slot = slot(shape);
    close(slot);
    kept[slot] = binding;
    return binding;
  }

  /** Takes a copy of {@code values}, the floats of {@code shape}. */
  FloatBuffer copy(FloatBuffer values, long[] shape) {
    grow(shape);
    FloatBuffer floats = floats(output.view(), shape);
    return floats.put(0, values, 0, floats.limit());
  }

  private void grow(long[] shape) {
    int bytes = Math.multiplyExact(elements(shape), Float.BYTES);
    if (output.capacity() < bytes) {
      // what is kept writes into the memory that is given up
      close();
      output.view(bytes);
    }
  }

  private static FloatBuffer floats(ByteBuffer memory, long[] shape) {
    return memory.asFloatBuffer().limit(elements(shape));
  }

  private static int elements(long[] shape) {
    long count = 1;
    for (long extent : shape) {
      count = Math.multiplyExact(count, extent);
    }
    return Math.toIntExact(count);
  }

  private static int slot(long[] shape) {
    return (Arrays.hashCode(shape) * GOLDEN) >>> (Integer.SIZE - SLOT_BITS);
  }

  private void close(int slot) {
    Binding binding = kept[slot];
    kept[slot] = null;
    if (binding != null) {
      binding.close();
    }
  }

  /** Frees what the engine holds for the kept shapes, and the output memory. */
  @Override
  public void close() {
    for (int slot = 0; slot < SLOTS; slot++) {
      close(slot);
    }
    output.close();
  }
}
