package io.shelfmark.benchmarks;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.model.InputShapes;
import io.shelfmark.inference.model.ModelSet;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The engine alone: the bundled models on CPU and GPU in batches of several sizes. */
final class GpuModels {

  private static final int[] BATCHES = {1, 8, 32, 128};
  private static final int MOST_RUNS = 200;
  private static final long MOST_NANOS = 1_500_000_000L;

  /** A model, one item's shape, and how many dimensions the output has. */
  private record Subject(String name, int outputRank, List<Integer> item) {}

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("tag-detector", 4, List.of(1, 480, 640)),
          new Subject("field-detector", 4, List.of(1, 192, 320)),
          new Subject("text-recognizer", 3, List.of(1, 32, 192)));

  private GpuModels() {}

  /** Prints a row for each model and batch; times are medians of single runs on one thread. */
  static void print() throws IOException {
    System.out.println(
        "| model | item | batch | CPU, one thread | CUDA, host buffers | CUDA, batch made there | an item there |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Subject subject : SUBJECTS) {
      ModelSource source = ModelSource.bundled(subject.name());
      try (ModelSet cpu = load(Engine.cpu(), source, subject);
          ModelSet gpu = load(Engine.cuda().required(), source, subject)) {
        for (int batch : BATCHES) {
          ByteBuffer pixels = pixels(subject, batch);
          double onCpu = median(cpu.models().get(0), pixels, shape(subject, batch));
          double onGpu = median(gpu.models().get(0), pixels, shape(subject, batch));
          double there = made(subject, batch, pixels);
          System.out.printf(
              Locale.ROOT,
              "| %s | %s | %d | %.2f ms | %.3f ms | %.3f ms | %.1f us |%n",
              subject.name(),
              subject.item(),
              batch,
              onCpu / 1e6,
              onGpu / 1e6,
              there / 1e6,
              there / 1e3 / batch);
        }
      }
    }
    System.out.println();
  }

  private static double made(Subject subject, int batch, ByteBuffer pixels) throws IOException {
    Path file = Files.createTempFile(subject.name(), ".onnx");
    try {
      int rank = subject.item().size() + 1;
      Files.write(file, TiledModel.of(bytes(subject.name()), rank, subject.outputRank(), batch));
      try (ModelSet tiled = load(Engine.cuda().required(), ModelSource.file(file), subject)) {
        return median(tiled.models().get(0), pixels, shape(subject, 1));
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream stream = ModelSource.class.getResourceAsStream(name + ".onnx")) {
      if (stream == null) {
        throw new IOException("Cannot find model " + name);
      }
      return stream.readAllBytes();
    }
  }

  private static ModelSet load(Engine engine, ModelSource source, Subject subject) {
    List<ModelSource> sources = List.of(source);
    return ModelSet.load(engine, provider -> sources, List.of(InputShapes.from(shape(subject, 1))));
  }

  private static long[] shape(Subject subject, int batch) {
    long[] shape = new long[subject.item().size() + 1];
    shape[0] = batch;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = subject.item().get(i - 1);
    }
    return shape;
  }

  private static ByteBuffer pixels(Subject subject, int batch) {
    int count = batch;
    for (int extent : subject.item()) {
      count *= extent;
    }
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(i * Float.BYTES, random.nextInt(256));
    }
    return bytes;
  }

  private static double median(OnnxModel model, ByteBuffer input, long[] shape) {
    long[] times = new long[MOST_RUNS];
    int runs = 0;
    long begin = System.nanoTime();
    for (int warm = 0; warm < 10 && System.nanoTime() - begin < MOST_NANOS; warm++) {
      run(model, input, shape);
    }
    begin = System.nanoTime();
    while (runs < MOST_RUNS && (runs < 3 || System.nanoTime() - begin < MOST_NANOS)) {
      times[runs++] = run(model, input, shape);
    }
    Arrays.sort(times, 0, runs);
    return times[runs / 2];
  }

  private static long run(OnnxModel model, ByteBuffer input, long[] shape) {
    long start = System.nanoTime();
    try (Tensor output = model.run(input, shape)) {
      return System.nanoTime() - start + (Float.isNaN(output.at(0)) ? 1 : 0);
    }
  }
}
