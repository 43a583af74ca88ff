package io.shelfmark.inference.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TagContentTest {
  private static final Lexicon LEXICON = Lexicon.load();

  @Test
  void price_manyDrawn_followsTheMeasuredLengthsAndSpreadsKopecks() {
    Dice dice = new Dice(5);
    Map<Integer, Integer> lengths = new HashMap<>();
    Map<String, Integer> minors = new HashMap<>();
    int all = 20_000;
    for (int i = 0; i < all; i++) {
      Amount amount = Amount.price(dice);
      lengths.merge(amount.major().length(), 1, Integer::sum);
      minors.merge(amount.minor(), 1, Integer::sum);
    }

    assertThat(lengths.get(2) / (double) all).isCloseTo(0.41, within(0.02));
    assertThat(lengths.get(3) / (double) all).isCloseTo(0.49, within(0.02));
    assertThat(lengths.get(4) / (double) all).isCloseTo(0.07, within(0.01));
    assertThat(minors)
        .hasSize(100)
        .allSatisfy((minor, count) -> assertThat(count).isGreaterThan(all / 400));
    assertThat(minors.get("99")).isLessThan(all / 5);
  }

  @Test
  void regular_always_isDearer() {
    Dice dice = new Dice(6);
    for (int i = 0; i < 500; i++) {
      Amount amount = Amount.price(dice);
      assertThat(amount.dearer(dice).value()).isGreaterThan(amount.value());
    }
  }

  @Test
  void lines_ofAnyName_keepToTheWidthAndNumberAsked() {
    Dice dice = new Dice(7);
    for (int i = 0; i < 500; i++) {
      assertThat(ProductName.of(dice, LEXICON).lines(18, 2))
          .hasSizeBetween(1, 2)
          .allSatisfy(line -> assertThat(line).isNotBlank().hasSizeLessThanOrEqualTo(18));
    }
  }

  @Test
  void barcode_always_hasItsCheckDigit() {
    Dice dice = new Dice(8);
    for (int i = 0; i < 200; i++) {
      String digits = TagContent.of(dice, LEXICON).barcode();
      int sum =
          IntStream.range(0, 13).map(d -> (digits.charAt(d) - '0') * (d % 2 == 0 ? 1 : 3)).sum();
      assertThat(digits).hasSize(13);
      assertThat(sum % 10).isZero();
    }
  }

  @Test
  void lexicon_holdsEnoughWords() {
    int russian =
        LEXICON.section("product").size()
            + LEXICON.section("adjective").size()
            + LEXICON.section("flavour").size()
            + LEXICON.section("brand").size()
            + LEXICON.section("short").size();
    assertThat(russian).isGreaterThan(550);
    assertThat(LEXICON.section("latin")).hasSizeGreaterThan(140);
  }
}
