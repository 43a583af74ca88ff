package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Barcode.Symbology;
import io.shelfmark.inference.Box;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.inference.detection.TagField;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagParserTest {

  private static final Currency RUB = Currency.getInstance("RUB");
  private static final TagParser PARSER = TagParser.of(RUB);
  private static final Detection DETECTION = new Detection(Outline.of(new Box(0, 0, 10, 5)), 0.7);

  @Test
  void parse_fullTag_givesEveryValue() {
    PriceTag values =
        parse(
            field(FieldKind.NAME, 24, 40, "РУБЛЕВСКИЙ 250г"),
            field(FieldKind.NAME, 24, 22, "Паштет LАУS"),
            field(FieldKind.PRICE, 120, 90, "79.99"),
            field(FieldKind.REGULAR_PRICE, 200, 60, "119.99"),
            field(FieldKind.DISCOUNT, 24, 90, "-33%"),
            field(FieldKind.CARD, 24, 120, "Цена за 1 шт. по карте"),
            field(FieldKind.BARCODE, 24, 150, "4 600051 000057"));

    assertThat(values.price().map(Recognized::value)).contains(new Price(7999, RUB));
    assertThat(values.regularPrice().map(Recognized::value)).contains(new Price(11999, RUB));
    assertThat(values.discount().map(Recognized::value)).contains(33);
    assertThat(values.condition().map(Recognized::value)).contains(PriceCondition.card());
    assertThat(values.unit().map(Recognized::value)).contains(SaleUnit.PIECE);
    assertThat(values.name().map(Recognized::value)).contains("Паштет LAYS РУБЛЕВСКИЙ 250г");
    assertThat(values.barcode().map(Recognized::value))
        .contains(new Barcode(Symbology.EAN_13, "4600051000057"));
  }

  @Test
  void parse_nothing_isEmpty() {
    PriceTag values = parse();

    assertThat(values.price()).isEmpty();
    assertThat(values.regularPrice()).isEmpty();
    assertThat(values.condition()).isEmpty();
    assertThat(values.unit()).isEmpty();
    assertThat(values.discount()).isEmpty();
    assertThat(values.name()).isEmpty();
    assertThat(values.barcode()).isEmpty();
  }

  @Test
  void parse_currencyNamedAnywhere_winsForBothPrices() {
    PriceTag values =
        parse(
            field(FieldKind.PRICE, 120, 90, "4.99"),
            field(FieldKind.REGULAR_PRICE, 200, 60, "5.99"),
            field(FieldKind.UNIT, 200, 110, "€/kg"));

    Currency eur = Currency.getInstance("EUR");
    assertThat(values.price().map(Recognized::value)).contains(new Price(499, eur));
    assertThat(values.regularPrice().map(Recognized::value)).contains(new Price(599, eur));
    assertThat(values.unit().map(Recognized::value)).contains(SaleUnit.KILOGRAM);
  }

  @Test
  void parse_cardBlockUnread_stillCounts() {
    PriceTag values = parse(new FieldText(new TagField(FieldKind.CARD, box(0, 0), 0.8), List.of()));

    assertThat(values.condition()).contains(new Recognized<>(PriceCondition.card(), 0.8));
  }

  @Test
  void parse_cardBlockThatSaysDiscount_isNoCondition() {
    assertThat(parse(field(FieldKind.CARD, 0, 0, "Скидка")).condition()).isEmpty();
  }

  @Test
  void parse_quantityBlockWithoutNumber_isNoCondition() {
    assertThat(parse(field(FieldKind.QUANTITY, 0, 0, "при покупке")).condition()).isEmpty();
  }

  @Test
  void parse_quantityAndCard_areBoth() {
    PriceTag values =
        parse(field(FieldKind.QUANTITY, 0, 0, "от 2 шт"), field(FieldKind.CARD, 0, 30, "по карте"));

    assertThat(values.condition().map(Recognized::value))
        .contains(new PriceCondition(PriceCondition.Kind.CARD_AND_QUANTITY, 2));
  }

  @Test
  void parse_pricePerKilogramBesidePackPrice_isNotTheUnit() {
    PriceTag values =
        parse(
            field(FieldKind.NAME, 24, 22, "Сыр 200г"),
            new FieldText(
                new TagField(FieldKind.PRICE, box(120, 90), 0.9),
                List.of(new TextReading("199.99", 0.5), new TextReading("159.99", 0.4))),
            field(FieldKind.UNIT, 24, 140, "799.95 ₽/кг"));

    assertThat(values.price().map(Recognized::value)).contains(new Price(15999, RUB));
    assertThat(values.unit()).isEmpty();
  }

  @Test
  void parse_decodedBars_winOverDigits() {
    Barcode bars = new Barcode(Symbology.EAN_13, "4600051000057");
    Barcode square = new Barcode(Symbology.QR, "https://example.org");
    TagText tag =
        new TagText(
            List.of(field(FieldKind.BARCODE, 0, 0, "96385074")),
            List.of(new Recognized<>(square, 0.99), new Recognized<>(bars, 0.98)));

    assertThat(PARSER.parse(tag, DETECTION).barcode()).contains(new Recognized<>(bars, 0.98));
  }

  @Test
  void parse_detection_isTheTagsOwn() {
    assertThat(parse(field(FieldKind.PRICE, 0, 0, "135")).detection()).isEqualTo(DETECTION);
    assertThat(parse().confidence()).isEqualTo(0.7);
  }

  @Test
  void parse_priceBelowMinimumConfidence_isLeftEmpty() {
    TagText tag =
        TagText.of(
            List.of(
                field(FieldKind.NAME, 24, 22, "Сыр"),
                FieldText.of(new TagField(FieldKind.PRICE, box(120, 90), 0.9), "79.99", 0.6),
                FieldText.of(
                    new TagField(FieldKind.REGULAR_PRICE, box(200, 60), 0.9), "119.99", 0.9)));

    PriceTag strict = PARSER.minimumPriceConfidence(0.8).parse(tag, DETECTION);
    PriceTag all = PARSER.minimumPriceConfidence(0).parse(tag, DETECTION);

    assertThat(all.price().map(Recognized::value)).contains(new Price(7999, RUB));
    assertThat(strict.price()).isEmpty();
    assertThat(strict.regularPrice()).isEqualTo(all.regularPrice()).isPresent();
    assertThat(strict.name()).isPresent();
    assertThat(strict.confidence()).isEqualTo(0.7);
  }

  @Test
  void textReading_confidenceOutsideRange_throws() {
    assertThatThrownBy(() -> new TextReading("135", 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make reading '135': found confidence 1.5, expected 0 to 1");
  }

  private static PriceTag parse(FieldText... fields) {
    return PARSER.parse(TagText.of(List.of(fields)), DETECTION);
  }

  private static FieldText field(FieldKind kind, double left, double top, String text) {
    return FieldText.of(new TagField(kind, box(left, top), 0.9), text, 0.95);
  }

  private static Box box(double left, double top) {
    return new Box(left, top, left + 100, top + 16);
  }
}
