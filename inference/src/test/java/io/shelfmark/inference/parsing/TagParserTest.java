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
import io.shelfmark.inference.detection.TagFields;
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
    PriceTag values = parse(new Field(FieldKind.CARD, 0, 0, 0.8));

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
            new Field(
                FieldKind.PRICE, 120, 90, 0.9, new Way("199.99", 0.5), new Way("159.99", 0.4)),
            field(FieldKind.UNIT, 24, 140, "799.95 ₽/кг"));

    assertThat(values.price().map(Recognized::value)).contains(new Price(15999, RUB));
    assertThat(values.unit()).isEmpty();
  }

  @Test
  void parse_decodedBars_winOverDigits() {
    Barcode bars = new Barcode(Symbology.EAN_13, "4600051000057");
    Barcode square = new Barcode(Symbology.QR, "https://example.org");
    List<Recognized<Barcode>> codes =
        List.of(new Recognized<>(square, 0.99), new Recognized<>(bars, 0.98));
    TagText tag = text(codes, field(FieldKind.BARCODE, 0, 0, "96385074"));

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
        text(
            List.of(),
            field(FieldKind.NAME, 24, 22, "Сыр"),
            new Field(FieldKind.PRICE, 120, 90, 0.9, new Way("79.99", 0.6)),
            new Field(FieldKind.REGULAR_PRICE, 200, 60, 0.9, new Way("119.99", 0.9)));

    PriceTag strict = PARSER.minimumPriceConfidence(0.8).parse(tag, DETECTION);
    PriceTag all = PARSER.minimumPriceConfidence(0).parse(tag, DETECTION);

    assertThat(all.price().map(Recognized::value)).contains(new Price(7999, RUB));
    assertThat(strict.price()).isEmpty();
    assertThat(strict.regularPrice()).isEqualTo(all.regularPrice()).isPresent();
    assertThat(strict.name()).isPresent();
    assertThat(strict.confidence()).isEqualTo(0.7);
  }

  @Test
  void parse_twoFieldsOfAPrice_takesTheLargestThatIsOne() {
    Field small = new Field(FieldKind.PRICE, 120, 90, 0.5, new Way("79.99", 0.9));
    Field large = new Field(FieldKind.PRICE, 20, 90, 0.9, new Way("89.99", 0.9));
    Field largest = new Field(FieldKind.PRICE, 20, 50, 0.95, new Way("СЫР", 0.9));

    assertThat(parse(small, large).price().map(Recognized::value)).contains(new Price(8999, RUB));
    assertThat(parse(large, small).price().map(Recognized::value)).contains(new Price(8999, RUB));
    assertThat(parse(large, largest, small).price().map(Recognized::value))
        .contains(new Price(8999, RUB));
    assertThat(parse(largest).price()).isEmpty();
  }

  @Test
  void textReadings_confidenceOutsideRange_throws() {
    TextReadings readings = new TextReadings();
    readings.next(0).append("135");

    assertThatThrownBy(() -> readings.add(0, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make reading '135': found confidence 1.5, expected 0 to 1");
  }

  private record Way(String text, double confidence) {}

  private record Field(FieldKind kind, double left, double top, double score, Way... ways) {}

  private static PriceTag parse(Field... fields) {
    return PARSER.parse(text(List.of(), fields), DETECTION);
  }

  private static TagText text(List<Recognized<Barcode>> codes, Field... fields) {
    TagFields found = new TagFields();
    TextReadings readings = new TextReadings();
    readings.clear(fields.length);
    for (int i = 0; i < fields.length; i++) {
      Field field = fields[i];
      double right = field.left() + 100;
      found.add(field.kind(), field.left(), field.top(), right, field.top() + 16, field.score());
      for (Way way : field.ways()) {
        readings.next(i).append(way.text());
        readings.add(i, way.confidence());
      }
    }
    found.endTag();
    return new TagText(found, readings).turn(0, codes);
  }

  private static Field field(FieldKind kind, double left, double top, String text) {
    return new Field(kind, left, top, 0.9, new Way(text, 0.95));
  }
}
