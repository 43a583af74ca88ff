package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.shelfmark.inference.RecognizerBuilder.Precision;
import io.shelfmark.inference.model.ModelSource;
import io.shelfmark.inference.synthetic.PhotoGenerator;
import io.shelfmark.inference.synthetic.SceneKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the bundled networks compute with. */
class PrecisionTest {

  private static List<String> models(RecognizerBuilder builder) {
    return builder.models(ExecutionProvider.CPU).stream().map(ModelSource::name).toList();
  }

  @Test
  void models_byDefault_areThoseThatWereTrained() {
    assertThat(models(PriceTagRecognizer.builder()))
        .isEqualTo(models(PriceTagRecognizer.builder().precision(Precision.FP32)))
        .containsExactly("tag-detector", "field-detector", "text-recognizer");
  }

  @Test
  void models_int8_areVariantsWhereThereAreAny() {
    assertThat(models(PriceTagRecognizer.builder().precision(Precision.INT8)))
        .containsExactly("tag-detector-int8", "field-detector", "text-recognizer-int8");
  }

  @Test
  void models_auto_followTheCards() {
    List<String> models = models(PriceTagRecognizer.builder().precision(Precision.AUTO));

    assertThat(models).startsWith("tag-detector", "field-detector").hasSize(3);
    assertThat(models.get(2)).as("by this machine").startsWith("text-recognizer");
  }

  @Test
  void models_gpu_areThoseThatWereTrainedAndNothingIsTried() {
    for (Precision precision : Precision.values()) {
      RecognizerBuilder builder =
          PriceTagRecognizer.builder().precision(precision).engine(Engine.cuda());
      builder.int8Choice = model -> fail("tried " + model.name());

      for (ExecutionProvider gpu : List.of(ExecutionProvider.CUDA, ExecutionProvider.TENSORRT)) {
        assertThat(builder.models(gpu).stream().map(ModelSource::name))
            .containsExactly("tag-detector", "field-detector", "text-recognizer");
      }
      assertThat(Circumstances.of(builder)).isNotEmpty();
    }
  }

  @Test
  void circumstances_precision_tellsTuningsApart() {
    for (Engine engine : List.of(Engine.cpu(), Engine.cuda())) {
      RecognizerBuilder builder = PriceTagRecognizer.builder().engine(engine);
      List<String> plain = Circumstances.of(builder);

      assertThat(Circumstances.of(builder.precision(Precision.INT8))).isNotEqualTo(plain);
      assertThat(Circumstances.of(builder.precision(Precision.FP32))).isEqualTo(plain);
    }
  }

  @Test
  void models_int8_leavesAHostsOwnFilesAlone() {
    Path own = Path.of("own", "text-recognizer.onnx");

    assertThat(models(PriceTagRecognizer.builder().textRecognizer(own).precision(Precision.INT8)))
        .isEqualTo(
            models(PriceTagRecognizer.builder().precision(Precision.INT8).textRecognizer(own)))
        .containsExactly("tag-detector-int8", "field-detector", own.toString());
  }

  @Test
  void precision_null_isRefused() {
    RecognizerBuilder builder = PriceTagRecognizer.builder();

    assertThatThrownBy(() -> builder.precision(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("value");
  }

  /** A variant left behind when its network is trained again would read with the old weights. */
  @ParameterizedTest
  @ValueSource(strings = {"tag-detector", "field-detector", "text-recognizer"})
  void int8_variant_isMadeOfTheBundledModel(String name) {
    ModelSource model = ModelSource.bundled(name);
    ModelSource variant = model.int8();

    assertThat(variant.equals(model) ? model.cardText("model_sha256") : variant.cardText("of"))
        .isPresent()
        .isEqualTo(model.cardText("model_sha256"));
  }

  @Test
  void recognize_int8_readsACloseUpAsFp32Does() {
    ShelfPhoto photo =
        ShelfPhoto.of(
            "close-up",
            PhotoGenerator.seeded(20).only(SceneKind.CLOSE_UP).sized(640, 853).photo(0).jpeg());
    Optional<Price> plain = price(photo, Precision.FP32);

    assertThat(plain).isPresent();
    assertThat(price(photo, Precision.INT8)).isEqualTo(plain);
  }

  private static Optional<Price> price(ShelfPhoto photo, Precision precision) {
    try (PriceTagRecognizer recognizer =
        PriceTagRecognizer.builder().precision(precision).build()) {
      List<PriceTag> tags = recognizer.recognize(photo).tags();
      assertThat(tags).hasSize(1);
      return tags.get(0).price().map(Recognized::value);
    }
  }
}
