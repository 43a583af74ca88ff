package io.shelfmark.inference.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.ShelfReading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OutcomeJsonTest {

  private static byte[] line(BulkOutcome outcome) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutcomeJson.write(outcome, out);
    return out.toByteArray();
  }

  /** The example of docs/bulk.md. */
  @Test
  void write_tagWithEverything_isThisLine() throws IOException {
    PriceTag tag =
        PriceTag.builder(
                new Detection(
                    new Outline(
                        new Point(10, 20.256),
                        new Point(110, 20),
                        new Point(110, 80),
                        new Point(10, 80)),
                    0.91236))
            .price(new Recognized<>(new Price(9990, Currency.getInstance("RUB")), 0.998))
            .regularPrice(new Recognized<>(new Price(12000, Currency.getInstance("RUB")), 0.98))
            .condition(new Recognized<>(PriceCondition.card(), 0.9))
            .unit(new Recognized<>(SaleUnit.PIECE, 0.9))
            .discount(new Recognized<>(17, 0.8))
            .name(new Recognized<>("Молоко 3,2%", 0.7))
            .barcode(new Recognized<>(new Barcode(Barcode.Symbology.EAN_13, "4600051000057"), 0.99))
            .build();

    String line =
        new String(
            line(outcome(Optional.of(new ShelfReading("x", 640, 480, List.of(tag))))), UTF_8);

    assertThat(line)
        .isEqualTo(
            """
            {"v":1,"file":"store-42/a.jpg","bytes":123,"modified":"2025-01-31T10:15:30Z",\
            "read_at":"2025-02-01T00:00:00Z","read_by":"models 1","width":640,"height":480,\
            "tags":[{"corners":[[10.0,20.26],[110.0,20.0],[110.0,80.0],[10.0,80.0]],"score":0.9124,\
            "price":{"amount":"99.90","minor":9990,"currency":"RUB","confidence":0.998},\
            "regular_price":{"amount":"120.00","minor":12000,"currency":"RUB","confidence":0.98},\
            "condition":{"kind":"card","quantity":1,"confidence":0.9},"unit":"шт",\
            "unit_confidence":0.9,"discount":17,"discount_confidence":0.8,\
            "name":{"text":"Молоко 3,2%","confidence":0.7},"barcode":"4600051000057",\
            "barcode_kind":"EAN_13","barcode_confidence":0.99,"confidence":0.998}]}
            """);
  }

  @Test
  void write_failure_isThisLine() throws IOException {
    PhotoFailure failure = new PhotoFailure(PhotoFailure.Kind.UNREADABLE, "found\n\"noise\"");
    BulkOutcome outcome =
        new BulkOutcome(
            "a",
            0,
            Instant.EPOCH,
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.of(failure));

    assertThat(new String(line(outcome), UTF_8))
        .isEqualTo(
            """
            {"v":1,"file":"a","bytes":0,"modified":"1970-01-01T00:00:00Z",\
            "read_at":"1970-01-01T00:00:00Z","error_kind":"unreadable",\
            "error":"found\\n\\"noise\\""}
            """);
    byte[] line = line(outcome);
    assertThat(OutcomeParser.outcome(line, 0, line.length - 1)).isEqualTo(outcome);
  }

  @Property(tries = 300)
  void parse_lineThatWasWritten_isTheSameOutcome(@ForAll("tags") List<PriceTag> tags)
      throws IOException {
    BulkOutcome outcome = outcome(Optional.of(new ShelfReading("store-42/a.jpg", 640, 480, tags)));
    byte[] line = line(outcome);

    assertThat(line).endsWith('\n').containsOnlyOnce('\n');
    assertThat(OutcomeParser.outcome(line, 0, line.length - 1)).isEqualTo(outcome);
    OutcomeParser.Header header = OutcomeParser.header(line, 0, line.length - 1);
    assertThat(header.file()).isEqualTo("store-42/a.jpg");
    assertThat(header.mark()).isEqualTo(OutcomeParser.mark(123, outcome.modified(), "models 1"));
  }

  private static BulkOutcome outcome(Optional<ShelfReading> reading) {
    return new BulkOutcome(
        "store-42/a.jpg",
        123,
        Instant.parse("2025-01-31T10:15:30Z"),
        Instant.parse("2025-02-01T00:00:00Z"),
        Optional.of("models 1"),
        reading,
        Optional.empty());
  }

  @Provide
  Arbitrary<List<PriceTag>> tags() {
    return tag().list().ofMaxSize(5);
  }

  private static Arbitrary<PriceTag> tag() {
    Arbitrary<Recognized<Price>> price =
        recognized(
            Combinators.combine(
                    Arbitraries.longs().between(0, Long.MAX_VALUE),
                    Arbitraries.of("RUB", "JPY", "KWD", "XXX"))
                .as((minor, code) -> new Price(minor, Currency.getInstance(code))));
    Arbitrary<PriceCondition> condition =
        Arbitraries.of(
            PriceCondition.card(),
            PriceCondition.quantity(2),
            new PriceCondition(PriceCondition.Kind.CARD_AND_QUANTITY, 99));
    return Combinators.combine(
            detection(),
            price.optional(),
            price.optional(),
            recognized(condition).optional(),
            recognized(Arbitraries.of(SaleUnit.class)).optional(),
            recognized(Arbitraries.integers().between(0, 99)).optional(),
            recognized(Arbitraries.strings().all().filter(OutcomeJsonTest::isText)).optional(),
            recognized(
                    Combinators.combine(
                            Arbitraries.of(Barcode.Symbology.class), Arbitraries.strings().ascii())
                        .as(Barcode::new))
                .optional())
        .as(
            (place, main, regular, depends, unit, discount, name, barcode) ->
                new PriceTag(
                    place,
                    main,
                    regular,
                    depends,
                    unit,
                    discount,
                    name,
                    barcode,
                    main.map(Recognized::confidence).orElse(place.confidence())));
  }

  /** Half of a surrogate pair is no text in UTF-8. */
  private static boolean isText(String text) {
    return UTF_8.newEncoder().canEncode(text);
  }

  private static Arbitrary<Detection> detection() {
    Arbitrary<Point> point =
        Combinators.combine(
                Arbitraries.integers().between(-100_000, 1_000_000),
                Arbitraries.integers().between(-100_000, 1_000_000))
            .as((x, y) -> new Point(x / 100.0, y / 100.0));
    return Combinators.combine(point, point, point, point, share())
        .as((a, b, c, d, score) -> new Detection(new Outline(a, b, c, d), score));
  }

  private static <T> Arbitrary<Recognized<T>> recognized(Arbitrary<T> value) {
    return Combinators.combine(value, share()).as(Recognized::new);
  }

  private static Arbitrary<Double> share() {
    return Arbitraries.integers().between(0, 10_000).map(steps -> steps / 10_000.0);
  }
}
