package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnnxModelTest {

  private static final int WIDTH = 64;
  private static final ModelSource SOURCE = ModelSource.bundled("text-recognizer");

  private static ByteBuffer lines(int count) {
    Random random = new Random(1);
    ByteBuffer bytes = ByteBuffer.allocateDirect(count * 32 * WIDTH * Float.BYTES);
    bytes.order(ByteOrder.nativeOrder());
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
  void run_sameShapeAgainAndOtherBatch_givesWhatDjlGives() {
    ByteBuffer input = lines(3);
    try (OnnxModel ours = OnnxModel.load(SOURCE);
        OnnxModel peer = OnnxModel.loadWithDjl(SOURCE, "OnnxRuntime")) {
      // the first run learns the output's shape, the others write into memory of ours
      for (int batch : new int[] {3, 3, 1, 2}) {
        assertThat(run(ours, input, batch)).isEqualTo(run(peer, input, batch));
      }
    }
  }

  @Test
  void run_shapeTheModelDoesNotTake_namesModelAndShape() {
    try (OnnxModel model = OnnxModel.load(SOURCE)) {
      assertThatThrownBy(() -> model.run(lines(1), 1, 3, 32, 16))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("text-recognizer")
          .hasMessageContaining("[1, 3, 32, 16]");
    }
  }
}
