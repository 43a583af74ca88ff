package io.shelfmark.examples;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import java.util.Map;
import java.util.Optional;

/** What a tag says, as people write it. Empty text where nothing was read. */
final class TagText {

  private static final Map<String, String> SIGNS =
      Map.of("RUB", "₽", "EUR", "€", "USD", "$", "GBP", "£", "KZT", "₸", "UAH", "₴", "JPY", "¥");

  private TagText() {}

  static String price(Optional<Recognized<Price>> price) {
    return price.map(Recognized::value).map(TagText::price).orElse("");
  }

  private static String price(Price price) {
    String code = price.currency().getCurrencyCode();
    return price.amount().toPlainString() + " " + SIGNS.getOrDefault(code, code);
  }

  static String unit(PriceTag tag) {
    return tag.unit().map(Recognized::value).map(SaleUnit::symbol).orElse("");
  }

  static String condition(PriceTag tag) {
    return tag.condition().map(Recognized::value).map(TagText::condition).orElse("");
  }

  private static String condition(PriceCondition condition) {
    return switch (condition.kind()) {
      case CARD -> "by card";
      case QUANTITY -> "from " + condition.quantity();
      case CARD_AND_QUANTITY -> "by card, from " + condition.quantity();
    };
  }

  static String discount(PriceTag tag) {
    return tag.discount().map(percent -> "−" + percent.value() + " %").orElse("");
  }

  static String name(PriceTag tag) {
    return tag.name().map(Recognized::value).orElse("");
  }

  static String barcode(PriceTag tag) {
    return tag.barcode().map(code -> code.value().text()).orElse("");
  }

  static String percent(double confidence) {
    return Math.round(Math.floor(confidence * 100)) + "%";
  }
}
