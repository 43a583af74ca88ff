package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.SaleUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitParserTest {

  private final UnitParser parser = new UnitParser();

  @ParameterizedTest
  @CsvSource({
    "₽/шт., PIECE",
    "за 1 шт, PIECE",
    "руб/уп, PIECE",
    "руб/кг, KILOGRAM",
    "Цена за 1 кг, KILOGRAM",
    "кг, KILOGRAM",
    "€/kg, KILOGRAM",
    "за 100 г, HUNDRED_GRAMS",
    "₽/100г, HUNDRED_GRAMS",
    "руб/л, LITER",
    "1 л, LITER"
  })
  void parseUnit_unitField_isRead(String text, SaleUnit unit) {
    assertThat(parser.parseUnit(text)).contains(unit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "200 г", "0,5 л", "руб", "акция", "5 шт"})
  void parseUnit_otherText_isEmpty(String text) {
    assertThat(parser.parseUnit(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Цена за 1 шт. со скидкой, PIECE",
    "89.90 ₽/кг, KILOGRAM",
    "45 руб за 100 г, HUNDRED_GRAMS"
  })
  void parseFreeText_introducedUnit_isRead(String text, SaleUnit unit) {
    assertThat(parser.parseFreeText(text)).contains(unit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Томаты 1кг", "от 2 шт", "Скидка", "219.99"})
  void parseFreeText_unitWithoutPreposition_isEmpty(String text) {
    assertThat(parser.parseFreeText(text)).isEmpty();
  }
}
