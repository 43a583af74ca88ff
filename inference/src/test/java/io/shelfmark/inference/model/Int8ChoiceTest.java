package io.shelfmark.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int8ChoiceTest {

  private final List<String> asked = new ArrayList<>();

  /** What the variant of the text recognizer loses is just allowed. */
  private Int8Choice onMachineThat(String word) {
    return onMachineThat(word, lost("text-recognizer-int8"));
  }

  private static double lost(String variant) {
    return ModelSource.bundled(variant).cardNumber("points_lost").orElseThrow();
  }

  private Int8Choice onMachineThat(String word, double mostPointsLost) {
    return new Int8Choice(
        mostPointsLost,
        (network, variant) -> {
          asked.add(network.name() + " or " + variant.name());
          return word.equals("gains");
        });
  }

  @Test
  void of_variantThatLosesLittle_isTakenWhereTheMachineGains() {
    ModelSource network = ModelSource.bundled("text-recognizer");
    Int8Choice choice = onMachineThat("gains");

    assertThat(choice.of(network).name()).isEqualTo("text-recognizer-int8");
    assertThat(choice.of(ModelSource.bundled("text-recognizer")).name())
        .isEqualTo("text-recognizer-int8");
    assertThat(asked)
        .as("measured once")
        .containsExactly("text-recognizer or text-recognizer-int8");
  }

  @Test
  void of_machineThatDoesNotGain_isTheNetworkItself() {
    ModelSource network = ModelSource.bundled("text-recognizer");

    assertThat(onMachineThat("loses").of(network)).isSameAs(network);
  }

  @Test
  void of_variantThatLosesMore_isNotMeasured() {
    ModelSource network = ModelSource.bundled("text-recognizer");
    double less = lost("text-recognizer-int8") - 0.01;

    assertThat(onMachineThat("gains", less).of(network)).isSameAs(network);
    assertThat(asked).isEmpty();
  }

  @Test
  void of_networkWithoutVariant_isItself() {
    ModelSource network = ModelSource.bundled("field-detector");
    ModelSource own = ModelSource.file(Path.of("text-recognizer.onnx"));

    assertThat(onMachineThat("gains").of(network)).isSameAs(network);
    assertThat(onMachineThat("gains").of(own)).isSameAs(own);
    assertThat(asked).isEmpty();
  }

  /** A variant without figures would never be chosen, and nobody would see why. */
  @ParameterizedTest
  @ValueSource(strings = {"tag-detector-int8", "text-recognizer-int8"})
  void card_ofAVariant_saysWhatItLoses(String name) {
    assertThat(ModelSource.bundled(name).cardNumber("points_lost")).isPresent();
    assertThat(ModelSource.bundled("tag-detector").cardNumber("points_lost")).isEmpty();
    assertThat(ModelSource.bundled(name).cardNumber("name")).isEmpty();
  }

  @Test
  void gains_networkThatNobodyKnowsAnInputOf_isNone() {
    assertThat(Int8Trial.gains(ModelSource.bundled("other"), ModelSource.bundled("other-int8")))
        .isFalse();
  }
}
