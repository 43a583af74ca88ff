package io.shelfmark.inference.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Outline;
import io.shelfmark.inference.Point;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** One tag of a line as a record. */
final class TagParsing {

  private TagParsing() {}

  static PriceTag tag(JsonNode tag) {
    return new PriceTag(
        new Detection(outline(tag.path("corners")), share(tag, "score")),
        price(tag.path("price")),
        price(tag.path("regular_price")),
        condition(tag.path("condition")),
        recognized(tag, "unit", node -> unit(OutcomeParser.text(node, "unit"))),
        recognized(
            tag, "discount", node -> Math.toIntExact(OutcomeParser.number(node, "discount"))),
        name(tag.path("name")),
        recognized(tag, "barcode", TagParsing::barcode),
        share(tag, "confidence"));
  }

  private static Outline outline(JsonNode corners) {
    if (corners.size() != 4) {
      throw new IllegalArgumentException("found %d corners, expected 4".formatted(corners.size()));
    }
    return new Outline(
        point(corners.get(0)), point(corners.get(1)), point(corners.get(2)), point(corners.get(3)));
  }

  private static Point point(JsonNode corner) {
    return new Point(corner.path(0).asDouble(Double.NaN), corner.path(1).asDouble(Double.NaN));
  }

  private static Optional<Recognized<Price>> price(JsonNode price) {
    if (!price.isObject()) {
      return Optional.empty();
    }
    Currency currency = Currency.getInstance(OutcomeParser.text(price, "currency"));
    return Optional.of(
        new Recognized<>(
            new Price(OutcomeParser.number(price, "minor"), currency), share(price, "confidence")));
  }

  private static Optional<Recognized<PriceCondition>> condition(JsonNode condition) {
    if (!condition.isObject()) {
      return Optional.empty();
    }
    PriceCondition.Kind kind =
        PriceCondition.Kind.valueOf(OutcomeParser.text(condition, "kind").toUpperCase(Locale.ROOT));
    int quantity = Math.toIntExact(OutcomeParser.number(condition, "quantity"));
    return Optional.of(
        new Recognized<>(new PriceCondition(kind, quantity), share(condition, "confidence")));
  }

  private static Optional<Recognized<String>> name(JsonNode name) {
    return name.isObject()
        ? Optional.of(new Recognized<>(OutcomeParser.text(name, "text"), share(name, "confidence")))
        : Optional.empty();
  }

  private static SaleUnit unit(String symbol) {
    for (SaleUnit unit : SaleUnit.values()) {
      if (unit.symbol().equals(symbol)) {
        return unit;
      }
    }
    throw new IllegalArgumentException(
        "found unit '%s', expected шт, кг, 100 г or л".formatted(symbol));
  }

  private static Barcode barcode(JsonNode tag) {
    return new Barcode(
        Barcode.Symbology.valueOf(OutcomeParser.text(tag, "barcode_kind")),
        OutcomeParser.text(tag, "barcode"));
  }

  private static <T> Optional<Recognized<T>> recognized(
      JsonNode tag, String key, Function<JsonNode, T> value) {
    return tag.has(key)
        ? Optional.of(new Recognized<>(value.apply(tag), share(tag, key + "_confidence")))
        : Optional.empty();
  }

  private static double share(JsonNode node, String key) {
    if (!node.path(key).isNumber()) {
      throw new IllegalArgumentException("found no number '%s', expected one".formatted(key));
    }
    return node.path(key).doubleValue();
  }
}
