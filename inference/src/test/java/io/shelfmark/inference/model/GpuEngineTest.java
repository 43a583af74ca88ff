package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.shelfmark.inference.Engine;
import io.shelfmark.inference.ExecutionProvider;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.detection.FieldDetector;
import io.shelfmark.inference.detection.TagDetector;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.text.TextRecognizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * The bundled models on a GPU: skipped, with the reason, where there is none. Needs ONNX Runtime's
 * GPU artifact ({@code ./mvnw -Pgpu}) and what docs/engines.md lists.
 */
@Tag("gpu")
class GpuEngineTest {

  /**
   * Of the difference's length to the answer's own. Convolutions on a GPU round their factors to 10
   * bits of mantissa (TF32).
   */
  private static final double TOLERANCE = 5e-3;

  private static final List<ModelSource> MODELS =
      List.of(
          ModelSource.bundled("tag-detector"),
          ModelSource.bundled("field-detector"),
          ModelSource.bundled("text-recognizer"));
  private static final List<InputShapes> INPUTS =
      List.of(TagDetector.inputs(PixelFormat.GRAY), FieldDetector.INPUTS, TextRecognizer.INPUTS);

  private static final long[][][] SHAPES = {
    {{1, 1, 64, 64}, {1, 1, 480, 640}, {1, 1, 640, 640}, {1, 1, 480, 640}, {1, 1, 480, 640}},
    {{1, 1, 192, 320}, {3, 1, 192, 320}, {32, 1, 192, 320}, {3, 1, 192, 320}, {3, 1, 192, 320}},
    {{1, 1, 32, 32}, {5, 1, 32, 192}, {40, 1, 32, 96}, {5, 1, 32, 192}, {5, 1, 32, 192}}
  };

  private static ModelSet gpu;
  private static ModelSet cpu;

  @BeforeAll
  static void load() {
    try {
      gpu = load(Engine.cuda().required());
    } catch (ModelException e) {
      LoggerFactory.getLogger(GpuEngineTest.class).info("No GPU was tested: {}", e.getMessage());
      abort("No GPU was tested: " + e.getMessage());
    }
    cpu = load(Engine.cpu());
  }

  @AfterAll
  static void close() {
    if (gpu != null) {
      gpu.close();
    }
    if (cpu != null) {
      cpu.close();
    }
  }

  private static ModelSet load(Engine engine) {
    return ModelSet.load(engine, provider -> MODELS, INPUTS);
  }

  private static ByteBuffer pixels(long[] shape, int seed) {
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
    Random random = new Random(seed);
    for (int i = 0; i < bytes.capacity(); i += Float.BYTES) {
      bytes.putFloat(i, random.nextInt(256));
    }
    return bytes;
  }

  private static float[] run(ModelSet set, int model, ByteBuffer input, long[] shape) {
    try (Tensor output = set.models().get(model).run(input, shape)) {
      long count = 1;
      for (long extent : output.shape()) {
        count *= extent;
      }
      float[] values = new float[(int) count];
      output.floats().get(0, values);
      return values;
    }
  }

  private static double difference(float[] found, float[] wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    double apart = 0;
    double length = 0;
    for (int i = 0; i < wanted.length; i++) {
      apart += Math.pow(found[i] - wanted[i], 2);
      length += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(apart / length);
  }

  @Test
  void load_cuda_isWhatIsReported() {
    assertThat(gpu.engine().provider()).isEqualTo(ExecutionProvider.CUDA);
    assertThat(gpu.engine().missing()).isEmpty();
  }

  @Test
  void run_newAndKnownShapes_givesWhatTheCpuGives() {
    for (int model = 0; model < SHAPES.length; model++) {
      for (int i = 0; i < SHAPES[model].length; i++) {
        long[] shape = SHAPES[model][i];
        ByteBuffer input = pixels(shape, i);

        assertThat(difference(run(gpu, model, input, shape), run(cpu, model, input, shape)))
            .as("%s, %s", MODELS.get(model).name(), List.of(shape.length, i))
            .isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void run_oneBufferAgain_writesAllOfTheKnownOutput() {
    long[] shape = {4, 1, 32, 128};
    ByteBuffer input = pixels(shape, 1);
    float[] first = run(gpu, 2, input, shape);
    ByteBuffer other = pixels(shape, 2);

    for (int i = 0; i < 3; i++) {
      input.put(0, other, 0, other.capacity());
      assertThat(difference(run(gpu, 2, input, shape), run(cpu, 2, other, shape)))
          .isLessThan(TOLERANCE);
      ByteBuffer again = pixels(shape, 1);
      input.put(0, again, 0, again.capacity());
      assertThat(difference(run(gpu, 2, input, shape), first)).isLessThan(TOLERANCE);
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void run_manyThreads_eachGetsItsOwnAnswer() throws Exception {
    int threads = 16;
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long[] shape = {1 + i % 5, 1, 32, 64 + 32L * (i % 3)};
        ByteBuffer input = pixels(shape, i);
        float[] wanted = run(cpu, 2, input, shape);
        tasks.add(
            () -> {
              together.await();
              double worst = 0;
              for (int turn = 0; turn < 50; turn++) {
                worst = Math.max(worst, difference(run(gpu, 2, input, shape), wanted));
              }
              return worst;
            });
      }
      for (Future<Double> worst : pool.invokeAll(tasks)) {
        assertThat(worst.get()).isLessThan(TOLERANCE);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void load_severalSessions_giveWhatOneGives() {
    long[] shape = SHAPES[2][1];
    ByteBuffer input = pixels(shape, 3);
    float[] wanted = run(cpu, 2, input, shape);

    try (ModelSet two = load(Engine.cuda().sessions(2).required())) {
      for (int i = 0; i < 4; i++) {
        assertThat(difference(run(two, 2, input, shape), wanted)).isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void load_deviceThatIsNot_saysSo() {
    assertThatThrownBy(() -> load(Engine.cuda().device(99).required()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found no GPU 99, expected an NVIDIA GPU that nvidia-smi lists");
  }

  @Test
  void run_shapeTheModelDoesNotTake_isRefusedAndTheNextRunWorks() {
    OnnxModel model = gpu.models().get(2);
    long[] wrong = {1, 1, 32, 64};
    ByteBuffer input = pixels(wrong, 1);

    assertThatThrownBy(() -> model.run(input, wrong)).isInstanceOf(ModelException.class);

    long[] right = {1, 1, 32, 64};
    assertThat(difference(run(gpu, 2, input, right), run(cpu, 2, input, right)))
        .isLessThan(TOLERANCE);
  }
}
