package io.shelfmark.inference.parquet;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The columns of a table of tags, as docs/bulk.md lists them. */
final class TagColumns {

  static final List<Column<?>> ALL =
      List.of(
          Column.text("file", row -> Optional.of(row.photo().file())),
          Column.large("photo_bytes", row -> Optional.of(row.photo().bytes())),
          Column.instant("photo_modified", row -> row.photo().modified()),
          Column.instant("read_at", row -> row.photo().readAt()),
          Column.text("read_by", row -> row.photo().readBy()),
          Column.number("photo_width", row -> Optional.of(row.reading().width())),
          Column.number("photo_height", row -> Optional.of(row.reading().height())),
          Column.number("tag", row -> Optional.of(row.index())),
          Column.reals("corners", TagColumns::corners),
          Column.real("score", row -> Optional.of(row.tag().detection().confidence())),
          Column.decimal("price", row -> amount(row.tag().price())),
          Column.text("currency", row -> currency(row.tag().price())),
          confidence("price_confidence", PriceTag::price),
          Column.decimal("regular_price", row -> amount(row.tag().regularPrice())),
          Column.text("regular_price_currency", row -> currency(row.tag().regularPrice())),
          confidence("regular_price_confidence", PriceTag::regularPrice),
          Column.text(
              "condition",
              row ->
                  row.tag().condition().map(c -> c.value().kind().name().toLowerCase(Locale.ROOT))),
          Column.number(
              "condition_quantity", row -> row.tag().condition().map(c -> c.value().quantity())),
          confidence("condition_confidence", PriceTag::condition),
          Column.text("unit", row -> row.tag().unit().map(unit -> unit.value().symbol())),
          confidence("unit_confidence", PriceTag::unit),
          Column.number("discount", row -> row.tag().discount().map(Recognized::value)),
          confidence("discount_confidence", PriceTag::discount),
          Column.text("name", row -> row.tag().name().map(Recognized::value)),
          confidence("name_confidence", PriceTag::name),
          Column.text("barcode", row -> row.tag().barcode().map(code -> code.value().text())),
          Column.text(
              "barcode_kind",
              row -> row.tag().barcode().map(code -> code.value().symbology().name())),
          confidence("barcode_confidence", PriceTag::barcode),
          Column.real("confidence", row -> Optional.of(row.tag().confidence())));

  static final MessageType SCHEMA =
      new MessageType("tag", ALL.stream().<Type>map(Column::type).toList());

  private TagColumns() {}

  private static <V> Column<Double> confidence(
      String name, Function<PriceTag, Optional<Recognized<V>>> field) {
    return Column.real(name, row -> field.apply(row.tag()).map(Recognized::confidence));
  }

  private static Optional<BigDecimal> amount(Optional<Recognized<Price>> price) {
    return price.map(found -> found.value().amount());
  }

  private static Optional<String> currency(Optional<Recognized<Price>> price) {
    return price.map(found -> found.value().currency().getCurrencyCode());
  }

  private static List<Double> corners(TagRow row) {
    return row.tag().detection().outline().corners().stream()
        .flatMap(corner -> Stream.of(corner.x(), corner.y()))
        .toList();
  }
}
