package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.image.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {

  private static final long[] INPUT = {1, 2, 3};
  private static final int WIDTH = 64;
  private static final ModelSource BUNDLED = ModelSource.bundled("text-recognizer");

  @TempDir Path folder;

  private ModelSource source(byte[] onnx) {
    return ModelSource.file(TinyOnnx.write(folder, "tiny", onnx, "{}"));
  }

  private static OnnxModel loadWithDjl(ModelSource source) {
    return OnnxModel.loadWithDjl(source, "OnnxRuntime");
  }

  private static ByteBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer lines(int count) {
    Random random = new Random(1);
    ByteBuffer bytes = floats(count * 32 * WIDTH);
    for (int i = 0; i < count * 32 * WIDTH; i++) {
      bytes.putFloat(i * Float.BYTES, random.nextInt(256));
    }
    return bytes;
  }

  private static float[] run(OnnxModel model, ByteBuffer input, int batch) {
    try (Tensor output = model.run(input, batch, 1, 32, WIDTH)) {
      float[] values = new float[batch * output.extent(1) * output.extent(2)];
      output.floats().get(0, values);
      return values;
    }
  }

  @Test
  void load_bytesThatAreNoModel_areRefusedByTheEngineThatWasAsked() {
    ModelSource broken = source(new byte[] {1, 2, 3});

    assertThatThrownBy(() -> OnnxModel.load(broken))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "Cannot load model \\Q%s\\E: [^\n]+, expected an ONNX model that ONNX Runtime can run"
                .formatted(broken.name()));
    assertThatThrownBy(() -> loadWithDjl(broken))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "Cannot load model \\Q%s\\E: [^\n]+, expected an ONNX model that OnnxRuntime can run"
                .formatted(broken.name()));
  }

  @Test
  void loadWithDjl_engineThatIsNot_isRefused() {
    assertThatThrownBy(() -> OnnxModel.loadWithDjl(BUNDLED, "TensorRT"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot load model text-recognizer: found no engine TensorRT, expected one that DJL finds on the class path (add its artifact)");
  }

  @Test
  void loadWithDjl_file_isReadFromThere() {
    try (OnnxModel model = loadWithDjl(source(TinyOnnx.answering(1, new long[] {1, 2}, 7, 8)));
        Tensor answer = model.run(floats(1), 1)) {
      assertThat(answer.at(1)).isEqualTo(8);
    }
  }

  @Test
  void requireContract_modelThatKeepsIt_isAccepted() {
    try (OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(3, new long[] {1, 2}, 7, 8)))) {
      model.requireContract(INPUT, new long[] {1, 2});
    }
  }

  @Test
  void requireContract_otherOutput_isRefused() {
    try (OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(3, new long[] {1, 2}, 7, 8)))) {
      assertThatThrownBy(() -> model.requireContract(INPUT, new long[] {1, 3}))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "Cannot use model %s: found output of shape [1, 2] for input of shape [1, 2, 3], expected [1, 3] (check that it is the model for this stage)",
              folder.resolve("tiny.onnx"));
    }
    try (OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(3, new long[0], 7)))) {
      assertThatThrownBy(() -> model.requireContract(INPUT, new long[] {1, 3}))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("found output of shape [] for input of shape [1, 2, 3]");
    }
  }

  @Test
  void requireContract_otherInputOrType_isRefused() {
    byte[] flat = TinyOnnx.answering(2, new long[] {1, 2}, 7, 8);
    byte[] integers = TinyOnnx.answeringIntegers(3, 1, 2);
    byte[] twoInputs = TinyOnnx.ofTwoInputs(3, 1, 2);

    assertRefused(OnnxModel::load, flat, "Invalid rank for input: input0 Got: 3");
    assertRefused(OnnxModel::load, integers, ": found output of type int64, expected");
    assertRefused(OnnxModel::load, twoInputs, ": found inputs [input0, input1], expected");
    assertRefused(OnnxModelTest::loadWithDjl, flat, "Invalid rank for input: input0 Got: 3");
    assertRefused(OnnxModelTest::loadWithDjl, integers, ": found output of type int64, expected");
    assertRefused(
        OnnxModelTest::loadWithDjl, twoInputs, ": Input mismatch, looking for: [input0, input1]");
  }

  private void assertRefused(Function<ModelSource, OnnxModel> loader, byte[] onnx, String reason) {
    try (OnnxModel model = loader.apply(source(onnx))) {
      assertThatThrownBy(() -> model.requireContract(INPUT, new long[] {1, 2}))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("Cannot run model " + folder.resolve("tiny.onnx") + ": ")
          .hasMessageContaining(reason)
          .hasMessageEndingWith(
              ", expected floats for one input of shape [1, 2, 3] (check the model's contract)");
    }
  }

  @Test
  void run_answer_isReadInItsOrder() {
    try (OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(1, new long[] {1, 2}, 7, 8)));
        Tensor answer = model.run(floats(1), 1)) {
      assertThat(answer.shape()).containsExactly(1, 2);
      assertThat(answer.at(1)).isEqualTo(8);
    }
  }

  @Test
  void run_sameShapeAgainAndOtherBatch_givesWhatDjlGives() {
    ByteBuffer input = lines(40);
    try (OnnxModel ours = OnnxModel.load(BUNDLED);
        OnnxModel peer = loadWithDjl(BUNDLED)) {
      // the first run learns the output's shape, the others write into memory of ours, which grows
      for (int batch : new int[] {3, 3, 1, 40, 3, 1}) {
        assertThat(run(ours, input, batch)).isEqualTo(run(peer, input, batch));
      }
    }
  }

  @Test
  void run_manyBuffersInTurn_readsTheOneItIsGiven() {
    try (OnnxModel model = OnnxModel.load(BUNDLED)) {
      float[] empty = run(model, floats(32 * WIDTH), 1);
      float[] written = run(model, lines(1), 1);
      assertThat(written).isNotEqualTo(empty);
      // more than it keeps anything of
      for (int i = 0; i < 40; i++) {
        assertThat(run(model, floats(32 * WIDTH), 1)).isEqualTo(empty);
        assertThat(run(model, lines(1), 1)).isEqualTo(written);
      }
    }
  }

  @Test
  void run_beforeTheLastAnswerIsClosed_leavesThatAnswerAlone() {
    ByteBuffer input = lines(2);
    try (OnnxModel model = OnnxModel.load(BUNDLED)) {
      float[] first = run(model, input, 1);
      try (Tensor held = model.run(input, 1, 1, 32, WIDTH)) {
        for (int i = 0; i < 32 * WIDTH; i++) {
          input.putFloat(i * Float.BYTES, 0);
        }
        assertThat(run(model, input, 1)).isNotEqualTo(first);
        float[] values = new float[first.length];
        held.floats().get(0, values);
        assertThat(values).isEqualTo(first);
      }
    }
  }

  @Test
  void close_answerStillOpen_itsMemoryIsFreedWithIt() {
    long before = NativeBuffer.bytesAlive();
    OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(1, new long[] {1, 2}, 7, 8)));
    model.requireContract(new long[] {1}, new long[] {1, 2});
    Tensor first = model.run(floats(1), 1);
    Tensor second = model.run(floats(1), 1);

    first.close();
    model.close();
    assertThat(NativeBuffer.bytesAlive()).isGreaterThan(before);
    assertThat(second.at(1)).isEqualTo(8);
    second.close();
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void run_buffersMoreThanAreKnown_holdsMemoryForAFewAlone() {
    long before = NativeBuffer.bytesAlive();
    try (OnnxModel model = OnnxModel.load(source(TinyOnnx.answering(1, new long[] {1, 2}, 7, 8)))) {
      model.run(floats(1), 1).close();
      long one = NativeBuffer.bytesAlive() - before;
      for (int i = 0; i < 100; i++) {
        model.run(floats(1), 1).close();
      }
      assertThat(NativeBuffer.bytesAlive() - before).isEqualTo(32 * one);
    }
    assertThat(NativeBuffer.bytesAlive()).isEqualTo(before);
  }

  @Test
  void run_moreShapesThanAreKept_givesTheSameEachTime() {
    byte[] onnx = TinyOnnx.answering(4, new long[] {1, 2}, 7, 8);
    ByteBuffer input = floats(600);
    try (OnnxModel model = OnnxModel.load(source(onnx))) {
      for (int round = 0; round < 3; round++) {
        for (int width = 1; width <= 600; width++) {
          try (Tensor answer = model.run(input, 1, 1, 1, width)) {
            assertThat(answer.at(1)).isEqualTo(8);
          }
        }
      }
    }
  }

  @Test
  void run_shapeTheModelDoesNotTake_namesModelAndShape() {
    try (OnnxModel model = OnnxModel.load(BUNDLED)) {
      assertThatThrownBy(() -> model.run(lines(1), 1, 3, 32, 16))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("text-recognizer")
          .hasMessageContaining("[1, 3, 32, 16]");
    }
  }
}
