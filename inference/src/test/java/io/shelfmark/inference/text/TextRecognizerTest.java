package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.TestPictures;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.TinyOnnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that writes one character into each of its eight columns, which are 32 pixels. */
class TextRecognizerTest {

  private static final String WRITTEN = "12345678";

  @TempDir Path folder;

  private String read(int width, TextLines.Kind kind) {
    int classes = WRITTEN.length() + 1;
    float[] probabilities = new float[WRITTEN.length() * classes];
    for (int column = 0; column < WRITTEN.length(); column++) {
      probabilities[column * classes + column + 1] = 1;
    }
    byte[] onnx = TinyOnnx.answering(4, new long[] {1, WRITTEN.length(), classes}, probabilities);
    ModelSource source = ModelSource.file(TinyOnnx.write(folder, "text", onnx, "{}"));
    TextLines lines = new TextLines();
    lines.add(new double[] {0, 0, width, 0, width, 32, 0, 32}, kind);
    try (OnnxModel model = OnnxModel.load(source);
        DecodedPhoto photo = PhotoDecoder.standard().decode("line", TestPictures.png(64, 64))) {
      ByteBuffer scratch =
          ByteBuffer.allocateDirect(TextRecognizer.INPUT_BYTES).order(ByteOrder.nativeOrder());
      return new TextRecognizer(model, Alphabet.of(WRITTEN))
          .read(photo, lines, scratch)
          .get(0)
          .get(0)
          .text();
    }
  }

  @Test
  void read_columnsOnThePadding_areNotTheLines() {
    assertThat(read(16, TextLines.Kind.TEXT)).isEqualTo("1234");
    assertThat(read(17, TextLines.Kind.TEXT)).isEqualTo("12345");
    assertThat(read(20, TextLines.Kind.TEXT)).isEqualTo("12345");
    assertThat(read(32, TextLines.Kind.TEXT)).isEqualTo(WRITTEN);
  }

  @Test
  void read_price_isAsLongAsItIsDrawnOut() {
    assertThat(read(16, TextLines.Kind.PRICE)).isEqualTo(WRITTEN);
  }
}
