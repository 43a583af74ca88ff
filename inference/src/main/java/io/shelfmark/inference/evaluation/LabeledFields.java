package io.shelfmark.inference.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.SaleUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What labels say about condition, unit, discount and barcode of a tag.
 *
 * <p>A key of the field's own name wins ({@code condition}, {@code unit}, {@code discount}, {@code
 * barcode}; the string "none" says that the tag has none, and so does null in {@code condition}).
 * Without it, condition and discount follow from the transcribed promotional texts ({@code
 * promo_text}, {@code promo_texts}):
 *
 * <ul>
 *   <li>"карт" not after "без": the price needs the card ("со скидкой по выручай-карте", "Цена по
 *       карте!");
 *   <li>"от N шт" or "при покупке N": it needs N pieces, N at least 2; with a card as well, both;
 *   <li>"3+1" says nothing about the price of one piece: unknown;
 *   <li>any other text ("СКИДКА -33%", "Скидка"): no condition;
 *   <li>"-33%" is the discount.
 * </ul>
 */
final class LabeledFields {

  private static final Pattern CARD = Pattern.compile("(без\\s+)?(?:[\\p{L}-]*)карт");
  private static final Pattern QUANTITY =
      Pattern.compile(
          "(?:\\bот|при\\s+покупке(?:\\s+от)?)\\s*(\\d{1,2})(?:\\s*(?:шт|уп|пач|бут))?");
  private static final Pattern GIFT = Pattern.compile("\\d\\s*\\+\\s*\\d");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,2})\\s*%");

  private LabeledFields() {}

  static Truth<PriceCondition> condition(JsonNode tag, boolean generated) {
    if (tag.has("condition")) {
      JsonNode node = tag.get("condition");
      return node.isObject() ? Truth.of(explicit(node)) : Truth.absent();
    }
    List<String> texts = promos(tag);
    if (texts.isEmpty()) {
      return generated ? Truth.absent() : Truth.unknown();
    }
    String text = String.join(" ", texts).toLowerCase(Locale.ROOT).replace('ё', 'е');
    return fromText(text);
  }

  private static Truth<PriceCondition> fromText(String text) {
    boolean card = false;
    Matcher cards = CARD.matcher(text);
    while (cards.find()) {
      card |= cards.group(1) == null;
    }
    Matcher pieces = QUANTITY.matcher(text);
    int quantity = pieces.find() ? Integer.parseInt(pieces.group(1)) : 1;
    if (quantity >= 2) {
      return Truth.of(
          card
              ? new PriceCondition(PriceCondition.Kind.CARD_AND_QUANTITY, quantity)
              : PriceCondition.quantity(quantity));
    }
    if (card) {
      return Truth.of(PriceCondition.card());
    }
    return GIFT.matcher(text).find() ? Truth.unknown() : Truth.absent();
  }

  private static PriceCondition explicit(JsonNode node) {
    String kind = node.path("kind").asText("").toUpperCase(Locale.ROOT);
    int quantity = node.path("quantity").asInt(1);
    PriceCondition.Kind parsed = PriceCondition.Kind.valueOf(kind);
    return parsed == PriceCondition.Kind.CARD
        ? PriceCondition.card()
        : new PriceCondition(parsed, quantity);
  }

  static Truth<Integer> discount(JsonNode tag) {
    JsonNode node = tag.path("discount");
    if (node.isIntegralNumber()) {
      return Truth.of(Math.abs(node.asInt()));
    }
    if (node.isTextual()) {
      Matcher percent = PERCENT.matcher(node.asText());
      return percent.find() ? Truth.of(Integer.valueOf(percent.group(1))) : Truth.absent();
    }
    Matcher percent = PERCENT.matcher(String.join(" ", promos(tag)) + printedDiscount(tag));
    return percent.find() ? Truth.of(Integer.valueOf(percent.group(1))) : Truth.unknown();
  }

  /** Of a generated tag, which lists everything that is printed on it. */
  private static String printedDiscount(JsonNode tag) {
    for (JsonNode field : tag.path("fields")) {
      if (field.path("kind").asText().equals("discount")) {
        return " " + field.path("text").asText();
      }
    }
    return "";
  }

  static Truth<SaleUnit> unit(JsonNode tag, boolean generated) {
    String text = tag.path("unit").asText("").toLowerCase(Locale.ROOT).strip();
    if (text.isEmpty() || text.equals("null")) {
      return Truth.unknown();
    }
    if (text.equals("none")) {
      return Truth.absent();
    }
    for (SaleUnit unit : SaleUnit.values()) {
      if (unit.name().equalsIgnoreCase(text)) {
        return Truth.of(unit);
      }
    }
    if (text.contains("100")) {
      return Truth.of(SaleUnit.HUNDRED_GRAMS);
    }
    if (text.contains("кг") || text.contains("kg")) {
      return Truth.of(SaleUnit.KILOGRAM);
    }
    if (text.contains("шт") || text.contains("уп") || text.contains("pc")) {
      return Truth.of(SaleUnit.PIECE);
    }
    if (text.matches(".*(^|[^\\p{L}])(л|l|литр|liter)\\.?$")) {
      return Truth.of(SaleUnit.LITER);
    }
    if (generated) {
      return Truth.absent(); // the generator prints a currency there as well
    }
    throw new IllegalArgumentException(
        "found unit '%s', expected шт, кг, 100 г, л, none or a name of %s"
            .formatted(text, List.of(SaleUnit.values())));
  }

  static Truth<String> barcode(JsonNode tag) {
    String text = tag.path("barcode").asText("").strip();
    if (text.isEmpty() || text.equals("null")) {
      return Truth.unknown();
    }
    return text.equals("none") ? Truth.absent() : Truth.of(text);
  }

  private static List<String> promos(JsonNode tag) {
    List<String> texts = new ArrayList<>();
    Optional.of(tag.path("promo_text").asText(""))
        .filter(text -> !text.isBlank())
        .ifPresent(texts::add);
    for (JsonNode text : tag.path("promo_texts")) {
      if (!text.asText("").isBlank()) {
        texts.add(text.asText());
      }
    }
    return texts;
  }
}
