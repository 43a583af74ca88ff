package io.shelfmark.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Rewires an ONNX model of one input and one output so that a batch is made where the model runs:
 * it takes one item, repeats it (Tile), and gives the first item's output (Slice). What such a
 * model takes is what the model itself takes for inputs that lie there already, but for one item's
 * way there and back.
 *
 * <p>Works on the protocol buffer's bytes; field numbers are those of onnx.proto3.
 */
final class TiledModel {

  private static final int GRAPH = 7;
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int INPUT = 11;
  private static final int OUTPUT = 12;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private TiledModel() {}

  /** {@code onnx}, whose input has so many dimensions, for a batch. */
  static byte[] of(byte[] onnx, int rank, int outputRank, int batch) {
    Bytes model = new Bytes();
    Reader reader = new Reader(onnx);
    while (reader.next()) {
      if (reader.field == GRAPH) {
        model.message(GRAPH, rewire(reader.payload(), rank, outputRank, batch));
      } else {
        model.raw(reader.whole());
      }
    }
    return model.toByteArray();
  }

  private static Bytes rewire(byte[] graph, int rank, int outputRank, int batch) {
    String input = nameOf(graph, INPUT);
    String output = nameOf(graph, OUTPUT);
    Bytes all = new Bytes();
    all.message(NODE, node("Tile", "tile", input, input + "/one", "tile/repeats"));
    Reader reader = new Reader(graph);
    while (reader.next()) {
      if (reader.field != INPUT && reader.field != OUTPUT) {
        all.raw(reader.whole());
      }
    }
    long[] repeats = new long[rank];
    Arrays.fill(repeats, 1);
    repeats[0] = batch;
    all.message(NODE, node("Slice", "slice", output + "/one", output, "slice/from", "slice/to"));
    all.message(INITIALIZER, constant("tile/repeats", repeats));
    all.message(INITIALIZER, constant("slice/from", 0));
    all.message(INITIALIZER, constant("slice/to", 1));
    all.message(INPUT, value(input + "/one", rank));
    all.message(OUTPUT, value(output + "/one", outputRank));
    return all;
  }

  private static String nameOf(byte[] graph, int field) {
    Reader reader = new Reader(graph);
    while (reader.next()) {
      if (reader.field == field) {
        Reader value = new Reader(reader.payload());
        value.next();
        return new String(value.payload(), UTF_8);
      }
    }
    throw new IllegalArgumentException("Cannot rewire model: found no field " + field);
  }

  private static Bytes node(String type, String name, String output, String... inputs) {
    Bytes node = new Bytes();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(3, name).text(4, type);
  }

  private static Bytes constant(String name, long... values) {
    Bytes tensor = new Bytes().number(1, values.length).number(2, INT64);
    for (long value : values) {
      tensor.number(7, value);
    }
    return tensor.text(8, name);
  }

  private static Bytes value(String name, int rank) {
    Bytes shape = new Bytes();
    for (int axis = 0; axis < rank; axis++) {
      shape.message(1, new Bytes().text(2, name + "/axis" + axis));
    }
    Bytes tensor = new Bytes().number(1, FLOAT).message(2, shape);
    return new Bytes().text(1, name).message(2, new Bytes().message(1, tensor));
  }

  /** Reads field after field. */
  private static final class Reader {
    private final byte[] bytes;
    private int at;
    private int start;
    private int content;
    private int field;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean next() {
      start = at;
      if (at == bytes.length) {
        return false;
      }
      long key = varint();
      field = (int) (key >>> 3);
      int wire = (int) (key & 7);
      int size =
          switch (wire) {
            case 1 -> Long.BYTES;
            case 2 -> (int) varint();
            case 5 -> Integer.BYTES;
            default -> 0;
          };
      content = at;
      if (wire == 0) {
        varint();
      }
      at += size;
      return true;
    }

    byte[] whole() {
      return Arrays.copyOfRange(bytes, start, at);
    }

    byte[] payload() {
      return Arrays.copyOfRange(bytes, content, at);
    }

    private long varint() {
      long value = 0;
      int shift = 0;
      while (true) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
        shift += 7;
      }
    }
  }

  /** Writes field after field. */
  private static final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Bytes text(int field, String text) {
      return bytes(field, text.getBytes(UTF_8));
    }

    Bytes message(int field, Bytes message) {
      return bytes(field, message.toByteArray());
    }

    Bytes raw(byte[] whole) {
      out.writeBytes(whole);
      return this;
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    private Bytes bytes(int field, byte[] bytes) {
      varint(((long) field << 3) | 2);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
