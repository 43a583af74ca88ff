package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ModelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {

  private static final long[] INPUT = {1, 2, 3};

  @TempDir Path folder;

  private OnnxModel model(byte[] onnx) {
    return OnnxModel.load(ModelSource.file(TinyOnnx.write(folder, "tiny", onnx, "{}")));
  }

  @Test
  void requireContract_modelThatKeepsIt_isAccepted() {
    try (OnnxModel model = model(TinyOnnx.answering(3, new long[] {1, 2}, 7, 8))) {
      model.requireContract(INPUT, new long[] {1, 2});
    }
  }

  @Test
  void requireContract_otherOutput_isRefused() {
    try (OnnxModel model = model(TinyOnnx.answering(3, new long[] {1, 2}, 7, 8))) {
      assertThatThrownBy(() -> model.requireContract(INPUT, new long[] {1, 3}))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              "Cannot use model %s: found output of shape (1, 2) for input of shape (1, 2, 3), expected (1, 3) (check that it is the model for this stage)",
              folder.resolve("tiny.onnx"));
    }
  }

  @Test
  void requireContract_otherInputOrType_isRefused() {
    assertRefused(
        TinyOnnx.answering(2, new long[] {1, 2}, 7, 8), "Invalid rank for input: input0 Got: 3");
    assertRefused(TinyOnnx.answeringIntegers(3, 1, 2), ": found output of type int64, expected");
    assertRefused(TinyOnnx.ofTwoInputs(3, 1, 2), ": Input mismatch, looking for: [input0, input1]");
  }

  private void assertRefused(byte[] onnx, String reason) {
    try (OnnxModel model = model(onnx)) {
      assertThatThrownBy(() -> model.requireContract(INPUT, new long[] {1, 2}))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("Cannot run model " + folder.resolve("tiny.onnx") + ": ")
          .hasMessageContaining(reason)
          .hasMessageEndingWith(
              ", expected floats for one input of shape (1, 2, 3) (check the model's contract)");
    }
  }

  @Test
  void run_answer_isReadInItsOrder() {
    try (OnnxModel model = model(TinyOnnx.answering(1, new long[] {1, 2}, 7, 8))) {
      Tensor answer = model.run(ByteBuffer.allocateDirect(4), 1);

      assertThat(answer.shape()).containsExactly(1, 2);
      assertThat(answer.at(1)).isEqualTo(8);
    }
  }
}
