package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionParserTest {

  private final ConditionParser parser = new ConditionParser();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Цена по карте!", "по выручай-карте", "С КАРТОЙ", "со скидкой по Выручай карте",
            "-11% ПО КАРТЕ",
        "Цeна по карге", "пo кapтe", "поВыручай-карте", "Clubcard Price", "для держателей карты"
      })
  void asksForCard_cardInText_isTrue(String text) {
    assertThat(parser.asksForCard(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Скидка",
        "-33%",
        "СКИДКА -24%",
        "без карты",
        "Бeз карты",
        "от 2 шт",
        "",
        "Успей купить",
        "картофель"
      })
  void asksForCard_noCardInText_isFalse(String text) {
    assertThat(parser.asksForCard(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "от 2 шт, 2",
    "от 3шт., 3",
    "при покупке от 3 шт, 3",
    "-15% от 2 шт. Цена за 1 шт. при покупке от 2 шт., 2",
    "2 по цене 1, 2",
    "3=2, 3",
    "1+1, 2",
    "1+1=3, 3",
    "3+1, 4",
    "0т 2 шт, 2",
    "ог 4 шг, 4",
    "при покугке 2 штук, 2"
  })
  void quantity_numberOfPieces_isRead(String text, int quantity) {
    assertThat(parser.quantity(text, false)).hasValue(quantity);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Цена за 1 шт.",
        "Скидка",
        "-33%",
        "-15% Скидка",
        "46.99 от 3 шт",
        "200 г",
        "5 кг",
        "",
        "от шт",
        "скидка 20 % до 30.11",
        "4.9",
        "2=3"
      })
  void quantity_none_isEmpty(String text) {
    assertThat(parser.quantity(text, false)).isEqualTo(OptionalInt.empty());
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "о1 3 w, 3", "3 -20%, 3"})
  void quantity_blockKnownToAskForPieces_needsTheNumberAlone(String text, int quantity) {
    assertThat(parser.quantity(text, true)).hasValue(quantity);
    assertThat(parser.quantity("-20%", true)).isEmpty();
  }
}
