package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscountParserTest {

  @ParameterizedTest
  @CsvSource({
    "-33%, 33",
    "−29%, 29",
    "СКИДКА 25 %, 25",
    "-5, 5",
    "СКИДКА -24%, 24",
    "-15% от 2 шт., 15",
    "–7 %, 7"
  })
  void parse_percent_isRead(String text, int percent) {
    assertThat(DiscountParser.parse(text)).hasValue(percent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "% Скидка", "3,2%", "до 50%", "до -50%", "0%", "100%", "25", "скидка"})
  void parse_noDiscount_isEmpty(String text) {
    assertThat(DiscountParser.parse(text)).isEmpty();
  }
}
