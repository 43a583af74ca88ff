package io.shelfmark.inference.evaluation;

import static io.shelfmark.inference.evaluation.FakeRecognizer.rub;
import static io.shelfmark.inference.evaluation.FakeRecognizer.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.Point;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.parsing.EditDistance;
import io.shelfmark.inference.parsing.TextFolding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Coverage, calibration, intervals and name distances. */
class FiguresTest {

  private static final LabeledPhoto PHOTO =
      new LabeledPhoto(
          "a",
          Path.of("a"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of(),
          false);

  private static TagOutcome outcome(boolean right, double confidence) {
    return outcome(Optional.of(tag(0, 0, 1, 1).price(rub(right ? 100 : 200, confidence)).build()));
  }

  private static TagOutcome outcome(Optional<PriceTag> read) {
    LabeledTag label =
        new LabeledTag(
            true,
            true,
            false,
            new Point(0, 0),
            Optional.empty(),
            Optional.empty(),
            Optional.of(
                new LabeledPrice(1, OptionalLong.of(0), FakeRecognizer.RUB, Legibility.GOOD)),
            Optional.empty(),
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            Truth.unknown(),
            Truth.unknown(),
            Truth.unknown(),
            Truth.unknown(),
            Optional.empty());
    return new TagOutcome(PHOTO, label, read);
  }

  @Test
  void coverage_oneDoubtfulMistake_coversWhatIsSurer() {
    Coverage coverage =
        Coverage.of(
            List.of(
                outcome(true, 0.9),
                outcome(false, 0.3),
                outcome(true, 0.8),
                outcome(Optional.empty())),
            0.995);

    assertThat(coverage.covered()).isEqualTo(new Ratio(2, 4));
    assertThat(coverage.threshold()).isEqualTo(0.8);
  }

  @Test
  void coverage_tiedConfidences_standOrFallTogether() {
    Coverage coverage =
        Coverage.of(List.of(outcome(true, 0.9), outcome(false, 0.9), outcome(true, 0.9)), 0.995);

    assertThat(coverage.covered()).isEqualTo(new Ratio(0, 3));
    assertThat(coverage.threshold()).isNaN();
  }

  @Test
  void coverage_oneMistakeInTwoHundred_isAllowed() {
    List<TagOutcome> tags = new ArrayList<>();
    tags.add(outcome(false, 0.99));
    for (int i = 0; i < 199; i++) {
      tags.add(outcome(true, 0.9));
    }

    assertThat(Coverage.of(tags, 0.995).covered()).isEqualTo(new Ratio(200, 200));
    assertThat(Coverage.of(tags.subList(0, 199), 0.995).covered()).isEqualTo(new Ratio(0, 199));
  }

  @Test
  void calibration_confidenceOfOne_fallsIntoLastBin() {
    Calibration calibration =
        Calibration.of(List.of(outcome(true, 1), outcome(false, 0.95), outcome(true, 0.05)));

    assertThat(calibration.bins()).hasSize(10);
    assertThat(calibration.bins().get(9).right()).isEqualTo(new Ratio(1, 2));
    assertThat(calibration.bins().get(9).meanConfidence()).isEqualTo(0.975);
    assertThat(calibration.bins().get(0).right()).isEqualTo(new Ratio(1, 1));
    assertThat(calibration.expectedError()).isEqualTo((0.475 * 2 + 0.95) / 3, within(1e-9));
  }

  @Test
  void wilson_publishedExample_agrees() {
    // Newcombe 1998, 81 of 263: 0.2553 to 0.3662
    Ratio ratio = new Ratio(81, 263);

    assertThat(ratio.low()).isEqualTo(0.2553, within(1e-4));
    assertThat(ratio.high()).isEqualTo(0.3662, within(1e-4));
  }

  @Property
  void wilson_anyRatio_enclosesTheRate(
      @ForAll @IntRange(max = 500) int right, @ForAll @IntRange(min = 1, max = 500) int more) {
    Ratio ratio = new Ratio(right, right + more);

    assertThat(ratio.low()).isBetween(0.0, ratio.rate() + 1e-12);
    assertThat(ratio.high()).isBetween(ratio.rate() - 1e-12, 1.0);
  }

  @Test
  void fold_lookAlikesCaseYoSpacesPunctuation_areAlike() {
    assertThat(TextFolding.fold("Пиво «HOLLANDIA», 0.45 л Ёж"))
        .isEqualTo(TextFolding.fold("пиво НОLLАNDIА 0,45Л еж"));
  }

  @Property
  void distance_isAMetric(
      @ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
    int distance = EditDistance.between(a, b);

    assertThat(distance).isEqualTo(EditDistance.between(b, a));
    assertThat(distance)
        .isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
    assertThat(distance == 0).isEqualTo(a.equals(b));
  }
}
