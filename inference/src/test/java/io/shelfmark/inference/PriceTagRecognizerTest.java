package io.shelfmark.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceTagRecognizerTest {

  private static PriceTagRecognizer recognizer;

  @BeforeAll
  static void open() {
    recognizer = PriceTagRecognizer.builder().threads(2).build();
  }

  @AfterAll
  static void close() {
    recognizer.close();
  }

  @Test
  void recognize_photoWithoutTags_isAnEmptyReading() {
    ShelfReading reading = recognizer.recognize(ShelfPhoto.of("gray", picture(400, 300)));
    assertThat(reading.tags()).isEmpty();
    assertThat(reading.width()).isEqualTo(400);
    assertThat(reading.height()).isEqualTo(300);
    assertThat(reading.source()).isEqualTo("gray");
  }

  @Test
  void recognize_onePixel_isAnEmptyReading() {
    assertThat(recognizer.recognize(ShelfPhoto.of("pixel", picture(1, 1))).tags()).isEmpty();
  }

  @Test
  void recognize_bytesThatAreNoPicture_areRefusedByName() {
    assertThatThrownBy(
            () -> recognizer.recognize(ShelfPhoto.of("letter.txt", "Dear Sir".getBytes(UTF_8))))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("letter.txt");
  }

  @Test
  void recognizeAll_oneBadPhoto_failsAlone() {
    ShelfPhoto good = ShelfPhoto.of("good", picture(64, 64));
    ShelfPhoto bad = ShelfPhoto.of("bad", new byte[0]);
    List<PhotoOutcome> outcomes = recognizer.recognizeAll(List.of(good, bad, good));
    assertThat(outcomes).extracting(PhotoOutcome::photo).containsExactly(good, bad, good);
    assertThat(outcomes.get(0).reading()).isPresent();
    assertThat(outcomes.get(1).failure()).containsInstanceOf(UnreadablePhotoException.class);
    assertThat(outcomes.get(2).reading()).isPresent();
  }

  @Test
  void recognizeAsync_badPhoto_completesExceptionally() {
    assertThatThrownBy(() -> recognizer.recognizeAsync(ShelfPhoto.of("bad", new byte[3])).join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(UnreadablePhotoException.class);
  }

  @Test
  void recognize_photoOverTheLimit_isRefusedByItsHeader() {
    try (PriceTagRecognizer small = PriceTagRecognizer.builder().maximumPixels(1000).build()) {
      assertThatThrownBy(() -> small.recognize(ShelfPhoto.of("large", picture(100, 100))))
          .isInstanceOf(UnreadablePhotoException.class)
          .hasMessageContaining("large");
    }
  }

  @Test
  void recognize_afterClose_isIllegalState() {
    PriceTagRecognizer closed = PriceTagRecognizer.open();
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.recognize(ShelfPhoto.of("late", picture(8, 8))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read photos: the price tag recognizer is closed");
    assertThatThrownBy(() -> closed.recognizeAsync(ShelfPhoto.of("late", picture(8, 8))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void build_modelFileMissing_namesIt(@TempDir Path folder) {
    Path missing = folder.resolve("none.onnx");
    assertThatThrownBy(() -> PriceTagRecognizer.builder().tagDetector(missing).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("none.onnx");
  }

  @Test
  void build_fileThatIsNoModel_namesIt(@TempDir Path folder) throws IOException {
    Path text = Files.writeString(folder.resolve("text.onnx"), "not a model");
    assertThatThrownBy(() -> PriceTagRecognizer.builder().fieldDetector(text).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("text.onnx")
        .hasMessageContaining("expected an ONNX model");
  }

  @Test
  void read_pathThatIsNotThere_namesIt(@TempDir Path folder) {
    assertThatThrownBy(() -> ShelfPhoto.read(folder.resolve("gone.jpg")))
        .isInstanceOf(UnreadablePhotoException.class)
        .hasMessageContaining("gone.jpg")
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> ShelfPhoto.read(folder)).isInstanceOf(UnreadablePhotoException.class);
  }

  @Test
  void builder_impossibleOptions_areRefused() {
    assertThatThrownBy(() -> PriceTagRecognizer.builder().threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot set threads: found 0, expected 1 or more");
    assertThatThrownBy(() -> PriceTagRecognizer.builder().minimumScore(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] picture(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new AssertionError("memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
