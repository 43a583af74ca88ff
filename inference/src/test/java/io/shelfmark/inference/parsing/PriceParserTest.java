package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Price;
import java.util.Currency;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PriceParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "219.99 | 21999 | RUB",
        "135 | 13500 | RUB",
        "0.99 | 99 | RUB",
        "70 ₽ | 7000 | RUB",
        "70р. | 7000 | RUB",
        "135 РУБ. | 13500 | RUB",
        "4.99 € | 499 | EUR",
        "4€99 | 499 | EUR",
        "€ 4,99 | 499 | EUR",
        "$3.49 | 349 | USD",
        "£1.25 | 125 | GBP",
        "1 299.00 | 129900 | RUB",
        "1 299 | 129900 | RUB",
        "1.299,00 € | 129900 | EUR",
        "1'299.00 СНF | 129900 | CHF",
        "12,50 | 1250 | RUB",
        "84-00 | 8400 | RUB",
        "219 99 | 21999 | RUB",
        "12,- € | 1200 | EUR",
        "115 ₽/шт | 11500 | RUB",
        "89.90 руб/кг | 8990 | RUB",
        "45.90 ₽ за 100 г | 4590 | RUB",
        "70 руб. 50 коп. | 7050 | RUB",
        "1 290 ₸ | 129000 | KZT",
        "450 тг | 45000 | KZT",
        "3.45 Вr | 345 | BYN",
        "5,99 zł | 599 | PLN",
        "34,90 Кč | 3490 | CZK",
        "¥498 | 498 | JPY",
        "¥1,298 | 1298 | JPY",
        "2О9.99 | 20999 | RUB",
        "2З.99 | 2399 | RUB",
        "*59.90 | 5990 | RUB",
        "99 коп | 99 | RUB"
      })
  void parse_amount_isExact(String text, long minor, String currency) {
    assertThat(parser("RUB").parse(text)).contains(price(minor, currency));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "руб",
        "0",
        "0.00",
        "00.99",
        "012",
        "12345678",
        "12.5",
        "12.345",
        "1.299",
        "-33",
        "-33%",
        "33%",
        "+7",
        "1 2 3",
        "12.50.10",
        "219.99 219.99",
        "молоко 3",
        "¥4.98",
        "4.99 5.99 €"
      })
  void parse_notOnePlausibleAmount_isEmpty(String text) {
    assertThat(parser("RUB").parse(text)).isEmpty();
  }

  @Test
  void parse_signOfSeveralCurrencies_preferringTheDefault() {
    assertThat(parser("BYN").parse("3.45 р.")).contains(price(345, "BYN"));
    assertThat(parser("EUR").parse("3.45 р.")).contains(price(345, "RUB"));
    assertThat(parser("CAD").parse("$3.45")).contains(price(345, "CAD"));
    assertThat(parser("NOK").parse("39 кr")).contains(price(3900, "NOK"));
    assertThat(parser("GBP").parse("85р")).contains(price(85, "GBP"));
    assertThat(parser("JPY").parse("498")).contains(price(498, "JPY"));
  }

  @Property
  void parse_anyPriceInAnyStyle_comesBack(
      @ForAll @LongRange(min = 1, max = 999_999_99) long minor, @ForAll("styles") Style style) {
    String text = style.format(minor);

    assertThat(parser("RUB").parse(text)).as(text).contains(new Price(minor, style.currency()));
  }

  @Property
  void parse_anyText_givesNothingOrAPositivePrice(@ForAll("noise") String text) {
    parser("RUB").parse(text).ifPresent(price -> assertThat(price.minor()).isPositive());
  }

  @Provide
  Arbitrary<String> noise() {
    return Arbitraries.strings().withChars("0123456789 .,-р₽€%кг/ОЗабв¤×").ofMaxLength(14);
  }

  @Provide
  Arbitrary<Style> styles() {
    return Arbitraries.of(".", ",", " ")
        .flatMap(
            point ->
                Arbitraries.of("", " ")
                    .flatMap(
                        thousands ->
                            Arbitraries.of(
                                    List.of("", "", "RUB"),
                                    List.of("", " ₽", "RUB"),
                                    List.of("", "р.", "RUB"),
                                    List.of("", " руб/кг", "RUB"),
                                    List.of("", " €", "EUR"),
                                    List.of("$", "", "USD"),
                                    List.of("£ ", "", "GBP"),
                                    List.of("", " zł", "PLN"),
                                    List.of("", " Вr", "BYN"))
                                .map(
                                    sign ->
                                        new Style(
                                            point,
                                            thousands,
                                            sign.get(0),
                                            sign.get(1),
                                            Currency.getInstance(sign.get(2))))));
  }

  record Style(String point, String thousands, String before, String after, Currency currency) {
    String format(long minor) {
      String major = Long.toString(minor / 100);
      int head = major.length() - 3;
      String grouped =
          head > 0 && !thousands.isEmpty()
              ? major.substring(0, head) + thousands + major.substring(head)
              : major;
      return before + grouped + point + "%02d".formatted(minor % 100) + after;
    }
  }

  private static PriceParser parser(String currency) {
    return new PriceParser(Currency.getInstance(currency));
  }

  private static Price price(long minor, String currency) {
    return new Price(minor, Currency.getInstance(currency));
  }
}
