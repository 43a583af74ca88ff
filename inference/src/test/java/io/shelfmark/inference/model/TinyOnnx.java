package io.shelfmark.inference.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * ONNX models that always answer the same, written by hand in protocol buffers' wire format (the
 * field numbers are those of onnx.proto3): what a stage makes of an answer can be tested without
 * training a network that gives it.
 */
public final class TinyOnnx {

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private TinyOnnx() {}

  /**
   * A model that takes floats of any shape with so many dimensions and answers {@code values}.
   *
   * @param rank dimensions of the input
   * @param shape shape of the output
   */
  public static byte[] answering(int rank, long[] shape, float... values) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return model(1, rank, FLOAT, shape, raw.array());
  }

  /** The same with zeros as whole numbers, which no stage takes. */
  public static byte[] answeringIntegers(int rank, long... shape) {
    int bytes = 8;
    for (long extent : shape) {
      bytes *= (int) extent;
    }
    return model(1, rank, INT64, shape, new byte[bytes]);
  }

  /** A model with two inputs. */
  public static byte[] ofTwoInputs(int rank, long... shape) {
    int bytes = 4;
    for (long extent : shape) {
      bytes *= (int) extent;
    }
    return model(2, rank, FLOAT, shape, new byte[bytes]);
  }

  /** Writes {@code model} as {@code name}.onnx, with {@code card} beside it. */
  public static Path write(Path folder, String name, byte[] model, String card) {
    try {
      Files.writeString(folder.resolve(name + ".json"), card);
      return Files.write(folder.resolve(name + ".onnx"), model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] model(int inputs, int rank, int type, long[] shape, byte[] raw) {
    Message constant = new Message();
    for (long extent : shape) {
      constant.number(1, extent);
    }
    constant.number(2, type).text(8, "constant").bytes(9, raw);
    Message identity =
        new Message().text(1, "constant").text(2, "answer").text(3, "give").text(4, "Identity");
    Message graph = new Message().message(1, identity).text(2, "tiny").message(5, constant);
    for (int i = 0; i < inputs; i++) {
      Message dimensions = new Message();
      for (int axis = 0; axis < rank; axis++) {
        dimensions.message(1, new Message().text(2, "axis" + axis));
      }
      graph.message(11, value("input" + i, FLOAT, dimensions));
    }
    Message dimensions = new Message();
    for (long extent : shape) {
      dimensions.message(1, new Message().number(1, extent));
    }
    graph.message(12, value("answer", type, dimensions));
    return new Message()
        .number(1, 8)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13))
        .toByteArray();
  }

  private static Message value(String name, int type, Message dimensions) {
    Message tensor = new Message().number(1, type).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message text(int field, String text) {
      return bytes(field, text.getBytes(UTF_8));
    }

    Message message(int field, Message message) {
      return bytes(field, message.toByteArray());
    }

    Message bytes(int field, byte[] bytes) {
      varint((long) field << 3 | 2);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) (rest & 0x7f | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
