package io.shelfmark.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Currency;
import org.junit.jupiter.api.Test;

class PriceTest {

  private static final Currency RUB = Currency.getInstance("RUB");

  @Test
  void amount_byCurrency_hasItsFractionDigits() {
    assertThat(new Price(21999, RUB)).hasToString("219.99 RUB");
    assertThat(new Price(500, Currency.getInstance("JPY"))).hasToString("500 JPY");
  }

  @Test
  void price_negative_isRefused() {
    assertThatThrownBy(() -> new Price(-1, RUB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make price: found -1 minor units, expected 0 or more");
  }

  @Test
  void compareTo_otherCurrency_isRefused() {
    assertThatThrownBy(() -> new Price(1, RUB).compareTo(new Price(1, Currency.getInstance("EUR"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the same currency");
  }
}
