package io.shelfmark.inference.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Detection;
import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.image.DecodedPhoto;
import io.shelfmark.inference.image.PhotoDecoder;
import io.shelfmark.inference.image.PixelFormat;
import io.shelfmark.inference.image.TestPictures;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.model.OnnxModel;
import io.shelfmark.inference.model.TinyOnnx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A photo of 640 x 64 pixels is 80 x 8 cells of the score map, none of them reduced. */
class TagDetectorTest {

  private static final int COLUMNS = 80;
  private static final int PLANE = 8 * COLUMNS;

  /** A rectangle of 60 x 30 around its cell: clockwise from the top left, as x and y. */
  private static final float[] RECTANGLE = {-30, -15, 30, -15, 30, 15, -30, 15};

  @TempDir Path folder;
  private final float[] maps = new float[9 * PLANE];

  /** The tag of cell {@code column} in row 4, whose center is at (8 * column + 4, 36). */
  private void answer(int column, float score, float... corners) {
    int cell = 4 * COLUMNS + column;
    maps[cell] = score;
    for (int i = 0; i < corners.length; i++) {
      maps[(1 + i) * PLANE + cell] = corners[i];
    }
  }

  private List<Detection> detect(double minimumScore, int maximumTags) {
    return detect(PixelFormat.GRAY, PixelFormat.GRAY, minimumScore, maximumTags);
  }

  private List<Detection> detect(
      PixelFormat input, PixelFormat format, double minimumScore, int maximumTags) {
    byte[] onnx = TinyOnnx.answering(4, new long[] {1, 9, 8, COLUMNS}, maps);
    ModelSource source = ModelSource.file(TinyOnnx.write(folder, "tags", onnx, "{}"));
    try (OnnxModel model = OnnxModel.load(source);
        DecodedPhoto photo =
            PhotoDecoder.standard().decode("flat", TestPictures.png(640, 64), format)) {
      ByteBuffer scratch =
          ByteBuffer.allocateDirect(TagDetector.INPUT_BYTES).order(ByteOrder.nativeOrder());
      TagOutlines tags = new TagOutlines();
      new TagDetector(model, input, minimumScore, maximumTags).detect(photo, scratch, tags);
      return IntStream.range(0, tags.size()).mapToObj(tags::detection).toList();
    }
  }

  @Test
  void detect_score_comesWithCornersInPixelsOfThePhoto() {
    answer(20, 0.9f, RECTANGLE);

    assertThat(detect(0.2, 9))
        .containsExactly(
            new Detection(
                new Outline(
                    new Point(134, 21), new Point(194, 21), new Point(194, 51), new Point(134, 51)),
                0.9f));
  }

  @ParameterizedTest
  @EnumSource
  void detect_formatOfItsModel_isTakenOfAnyPhoto(PixelFormat format) {
    answer(20, 0.9f, RECTANGLE);

    assertThat(detect(PixelFormat.GRAY, format, 0.2, 9))
        .isEqualTo(detect(PixelFormat.COLOR, format, 0.2, 9))
        .hasSize(1);
  }

  @Test
  void format_ofCard_isColorUnlessItSaysOneChannel() {
    assertThat(TagDetector.format(ModelSource.bundled("tag-detector"))).isEqualTo(PixelFormat.GRAY);
    assertThat(TagDetector.format(withCard("{}"))).isEqualTo(PixelFormat.COLOR);
    assertThat(TagDetector.format(withCard("{\"channels\": 1}"))).isEqualTo(PixelFormat.GRAY);
    assertThat(TagDetector.format(withCard("{\"channels\": 3}"))).isEqualTo(PixelFormat.COLOR);
    ModelSource wrong = withCard("{\"channels\": 2}");
    assertThatThrownBy(() -> TagDetector.format(wrong))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("found 2 channels in its card, expected 1 for gray or 3 for colors");
  }

  private ModelSource withCard(String card) {
    return ModelSource.file(TinyOnnx.write(folder, "card", new byte[0], card));
  }

  @Test
  void detect_outlineThatIsNotConvex_isDropped() {
    answer(5, 0.9f, -30, -15, 30, -15, -20, -5, -30, 15); // dented
    answer(20, 0.9f, -30, -15, 30, 15, 30, -15, -30, 15); // crossing itself
    answer(35, 0.9f, 30, -15, -30, -15, -30, 15, 30, 15); // counterclockwise: a mirror image
    answer(50, 0.9f, -30, 0, 0, 0, 30, 0, 0, 0); // flat
    answer(65, 0.5f, RECTANGLE);

    assertThat(detect(0.2, 9)).extracting(Detection::confidence).containsExactly(0.5);
  }

  @Test
  void detect_cornersThatAreNoNumbers_areDropped() {
    answer(5, 0.9f, Float.NaN, -15, 30, -15, 30, 15, -30, 15);
    answer(20, 0.9f, Float.NEGATIVE_INFINITY, -15, 30, -15, 30, 15, -30, 15);
    answer(35, Float.NaN, RECTANGLE);
    answer(65, 0.5f, RECTANGLE);

    assertThat(detect(0.2, 9)).extracting(Detection::confidence).containsExactly(0.5);
  }

  @Test
  void detect_overlappingTags_keepsTheSurer() {
    answer(20, 0.6f, RECTANGLE);
    answer(21, 0.9f, RECTANGLE);
    answer(40, 0.3f, RECTANGLE);

    assertThat(detect(0.2, 9))
        .extracting(Detection::confidence)
        .containsExactly((double) 0.9f, (double) 0.3f);
    assertThat(detect(0.4, 9)).hasSize(1);
  }

  @Test
  void detect_moreTagsThanAskedFor_keepsTheSurest() {
    answer(10, 0.6f, RECTANGLE);
    answer(30, 0.9f, RECTANGLE);
    answer(50, 0.3f, RECTANGLE);

    assertThat(detect(0.2, 2))
        .extracting(Detection::confidence)
        .containsExactly((double) 0.9f, (double) 0.6f);
  }
}
