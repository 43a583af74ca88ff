package io.shelfmark.inference.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Box;
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
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FieldDetectorTest {

  private static final int COLUMNS = 80;
  private static final int PLANE = 48 * COLUMNS;
  private static final int KINDS = FieldKind.values().length;

  @TempDir Path folder;
  private final float[] maps = new float[(KINDS + 4) * PLANE];

  /** A field of cell {@code column} in row 20, whose center is at (4 * column + 2, 82). */
  private void answer(FieldKind kind, int column, float score, float... sides) {
    int cell = 20 * COLUMNS + column;
    maps[kind.ordinal() * PLANE + cell] = score;
    for (int i = 0; i < sides.length; i++) {
      maps[(KINDS + i) * PLANE + cell] = sides[i];
    }
  }

  private record Field(FieldKind kind, Box box, double score) {}

  private List<Field> detect() {
    return detect(kind -> Integer.MAX_VALUE);
  }

  private List<Field> detect(ToIntFunction<FieldKind> most) {
    byte[] onnx = TinyOnnx.answering(4, new long[] {1, KINDS + 4, 48, COLUMNS}, maps);
    ModelSource source = ModelSource.file(TinyOnnx.write(folder, "fields", onnx, "{}"));
    try (OnnxModel model = OnnxModel.load(source);
        DecodedPhoto photo = PhotoDecoder.standard().decode("tag", TestPictures.png(64, 64))) {
      ByteBuffer scratch =
          ByteBuffer.allocateDirect(FieldDetector.CANVAS_BYTES).order(ByteOrder.nativeOrder());
      TagOutlines tags = new TagOutlines();
      tags.add(new double[] {0, 0, 64, 0, 64, 64, 0, 64}, 0.9);
      TagFields fields = new TagFields();
      new FieldDetector(model, 0.3, most).detect(photo, tags, 0, 1, scratch, fields);
      assertThat(fields.tags()).isEqualTo(1);
      return IntStream.range(fields.start(0), fields.end(0))
          .mapToObj(i -> field(fields, i))
          .toList();
    }
  }

  private static Field field(TagFields fields, int i) {
    Box box = new Box(fields.left(i), fields.top(i), fields.right(i), fields.bottom(i));
    return new Field(fields.kind(i), box, fields.score(i));
  }

  @Test
  void detect_scores_comeAsBoxesTheSurestFirst() {
    answer(FieldKind.NAME, 10, 0.5f, 20, 10, 30, 12);
    answer(FieldKind.PRICE, 50, 0.9f, 20, 10, 30, 12);
    answer(FieldKind.UNIT, 70, 0.2f, 20, 10, 30, 12);

    assertThat(detect())
        .containsExactly(
            new Field(FieldKind.PRICE, new Box(182, 72, 232, 94), 0.9f),
            new Field(FieldKind.NAME, new Box(22, 72, 72, 94), 0.5f));
  }

  @Test
  void detect_boxesInsideOutTinyOrNowhere_areDropped() {
    answer(FieldKind.PRICE, 10, 0.9f, -30, 10, 10, 12);
    answer(FieldKind.PRICE, 20, 0.9f, 0.5f, 10, 0.5f, 12);
    answer(FieldKind.PRICE, 30, 0.9f, Float.NaN, 10, 30, 12);
    answer(FieldKind.PRICE, 40, 0.9f, Float.POSITIVE_INFINITY, 10, 30, 12);
    answer(FieldKind.PRICE, 60, 0.5f, 20, 10, 30, 12);

    assertThat(detect()).extracting(Field::score).containsExactly(0.5);
  }

  @Test
  void detect_overlappingFieldsOfAKind_keepsTheSurer() {
    answer(FieldKind.PRICE, 30, 0.6f, 20, 10, 30, 12);
    answer(FieldKind.PRICE, 31, 0.9f, 20, 10, 30, 12);
    answer(FieldKind.NAME, 32, 0.5f, 20, 10, 30, 12);

    assertThat(detect()).extracting(Field::kind).containsExactly(FieldKind.PRICE, FieldKind.NAME);
  }

  @Test
  void detect_moreOfAKindThanAskedFor_keepsTheSurest() {
    answer(FieldKind.PRICE, 10, 0.6f, 20, 10, 30, 12);
    answer(FieldKind.PRICE, 50, 0.9f, 20, 10, 30, 12);
    answer(FieldKind.NAME, 30, 0.5f, 20, 10, 30, 12);

    assertThat(detect(kind -> kind == FieldKind.PRICE ? 1 : 0))
        .extracting(Field::score)
        .containsExactly((double) 0.9f);
  }

  @Test
  void detect_twoLinesOfANameThatOverlap_keepsBoth() {
    answer(FieldKind.NAME, 30, 0.6f, 60, 20, 60, 8);
    answer(FieldKind.NAME, 32, 0.9f, 60, 10, 60, 18);

    assertThat(detect()).extracting(Field::score).containsExactly((double) 0.9f, (double) 0.6f);
  }

  @Test
  void detect_shorterBoxOfTheSameLine_isDropped() {
    answer(FieldKind.NAME, 20, 0.9f, 60, 10, 200, 12);
    answer(FieldKind.NAME, 12, 0.6f, 30, 10, 30, 12);

    assertThat(detect()).extracting(Field::score).containsExactly((double) 0.9f);
  }
}
