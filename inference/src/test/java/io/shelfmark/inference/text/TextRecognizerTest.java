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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that writes one character into each of its eight columns, which are 32 pixels. */
class TextRecognizerTest {

  private static final String WRITTEN = "12345678";

  @TempDir Path folder;

  private String read(int width, TextLines.Kind kind) {
    return read(WRITTEN, 0, width, kind).get(0);
  }

  private List<String> read(String written, int left, int right, TextLines.Kind kind) {
    int classes = written.length() + 1;
    float[] probabilities = new float[written.length() * classes];
    for (int column = 0; column < written.length(); column++) {
      probabilities[column * classes + column + 1] = 1;
    }
    byte[] onnx = TinyOnnx.answering(4, new long[] {1, written.length(), classes}, probabilities);
    ModelSource source = ModelSource.file(TinyOnnx.write(folder, "text", onnx, "{}"));
    TextLines lines = new TextLines();
    lines.add(new double[] {left, 0, right, 0, right, 32, left, 32}, kind, 0);
    try (OnnxModel model = OnnxModel.load(source);
        DecodedPhoto photo = PhotoDecoder.standard().decode("line", TestPictures.png(64, 64))) {
      ByteBuffer scratch =
          ByteBuffer.allocateDirect(TextRecognizer.INPUT_BYTES).order(ByteOrder.nativeOrder());
      TextRecognizer recognizer = new TextRecognizer(model, Alphabet.of(written));
      return Readings.of(readings -> recognizer.read(photo, lines, scratch, readings)).texts();
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

  @Test
  void read_priceThatThePhotosEdgeCutsOff_isReadWithKopecksAlone() {
    assertThat(read(WRITTEN, 40, 72, TextLines.Kind.PRICE)).isEmpty();
    assertThat(read(WRITTEN, 30, 62, TextLines.Kind.PRICE)).isNotEmpty();
    assertThat(read(WRITTEN, 40, 72, TextLines.Kind.TEXT)).isNotEmpty();
    assertThat(read("12345.67", 40, 72, TextLines.Kind.PRICE)).containsExactly("12345.67");
  }
}
