package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.TinyOnnx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that cannot be used is refused when the recognizer is built, by its name. */
class WrongModelTest {

  private static final String TAGS = "tag-detector";
  private static final String FIELDS = "field-detector";
  private static final String TEXT = "text-recognizer";

  @TempDir static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    for (String name : List.of(TAGS, FIELDS, TEXT)) {
      for (String extension : List.of(".onnx", ".json")) {
        try (InputStream file = ModelSource.class.getResourceAsStream(name + extension)) {
          Files.copy(file, folder.resolve(name + extension));
        }
      }
    }
  }

  private static Path model(String name) {
    return folder.resolve(name + ".onnx");
  }

  private static void assertRefused(RecognizerBuilder builder, Path model, String... reasons) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelException.class)
        .hasMessageMatching("Cannot (load|run|use|read card of) model \\Q" + model + "\\E: [^\n]+")
        .hasMessageContainingAll(reasons);
  }

  private static RecognizerBuilder builder() {
    return PriceTagRecognizer.builder();
  }

  @Test
  void build_noSuchFile_isRefused() {
    Path missing = folder.resolve("none.onnx");

    assertRefused(
        builder().tagDetector(missing),
        missing,
        "found no file " + missing + ", expected an ONNX model (check the path)");
    assertRefused(builder().fieldDetector(folder), folder, "expected a readable file");
  }

  @Test
  void build_fileThatIsNoModel_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(model(FIELDS));
    for (byte[] bytes :
        List.of(new byte[0], "not a model".getBytes(), Arrays.copyOf(whole, whole.length / 2))) {
      Path file = TinyOnnx.write(folder, "broken", bytes, "{}");

      assertRefused(
          builder().fieldDetector(file),
          file,
          ", expected an ONNX model that ONNX Runtime can run");
    }
  }

  @Test
  void build_otherInputsOrOutputs_isRefused() {
    Path flat = TinyOnnx.write(folder, "flat", TinyOnnx.answering(2, new long[] {1}, 0), "{}");
    Path short4 =
        TinyOnnx.write(folder, "short", TinyOnnx.answering(4, new long[] {1, 1, 1, 1}, 0), "{}");

    assertRefused(builder().tagDetector(flat), flat, "Invalid rank", "check the model's contract");
    assertRefused(
        builder().tagDetector(short4),
        short4,
        "found output of shape [1, 1, 1, 1] for input of shape [1, 3, 64, 640], expected [1, 9, 8, 80]");
    assertRefused(
        builder().fieldDetector(short4),
        short4,
        "found output of shape [1, 1, 1, 1] for input of shape [1, 1, 192, 320], expected [1, 13, 48, 80]");
  }

  @Test
  void build_modelOfAnotherStage_isRefused() {
    assertRefused(builder().tagDetector(model(FIELDS)), model(FIELDS), ", expected ");
    assertRefused(builder().tagDetector(model(TEXT)), model(TEXT), ", expected ");
    assertRefused(builder().fieldDetector(model(TAGS)), model(TAGS), ", expected ");
    assertRefused(builder().fieldDetector(model(TEXT)), model(TEXT), ", expected ");
    assertRefused(builder().textRecognizer(model(TAGS)), model(TAGS), ", expected ");
    assertRefused(builder().textRecognizer(model(FIELDS)), model(FIELDS), ", expected ");
  }

  @Test
  void build_textRecognizerWithoutItsCard_isRefused() throws IOException {
    byte[] onnx = Files.readAllBytes(model(TEXT));
    Path bare = Files.write(folder.resolve("bare.onnx"), onnx);
    Path blank = TinyOnnx.write(folder, "blank", onnx, "{}");
    Path broken = TinyOnnx.write(folder, "torn", onnx, "{\"alphabet\": ");
    Path other = TinyOnnx.write(folder, "other", onnx, "{\"alphabet\": \"abc\"}");

    assertRefused(
        builder().textRecognizer(bare),
        bare,
        "found no file " + folder.resolve("bare.json") + ", expected the model's card beside it");
    assertRefused(builder().textRecognizer(blank), blank, "found no \"alphabet\" in its card");
    assertRefused(builder().textRecognizer(broken), broken, "found broken JSON");
    assertRefused(builder().textRecognizer(other), other, "expected [1, 8, 4]");
  }
}
