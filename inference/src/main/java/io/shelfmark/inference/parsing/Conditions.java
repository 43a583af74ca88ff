package io.shelfmark.inference.parsing;

import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.detection.FieldKind;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the main price depends on, by the look of its blocks (the field detector) and by their text.
 * A card block counts even unread, unless it is legibly about something else; a quantity block
 * counts only with its number. Holds scratch memory: for one thread.
 */
final class Conditions {

  private static final double LEGIBLE = 0.5;

  private final ConditionParser parser = new ConditionParser();

  Optional<Recognized<PriceCondition>> of(TagText tag) {
    double card = 0;
    double pieces = 0;
    int quantity = 0;
    for (int i = 0; i < tag.fields().size(); i++) {
      FieldText field = tag.fields().get(i);
      card = Math.max(card, card(field));
      OptionalInt found = quantity(field);
      double confidence =
          either(field.is(FieldKind.QUANTITY) ? field.field().score() : 0, field.confidence());
      if (found.isPresent() && confidence > pieces) {
        pieces = confidence;
        quantity = found.getAsInt();
      }
    }
    if (card > 0 && quantity > 0) {
      PriceCondition both = new PriceCondition(PriceCondition.Kind.CARD_AND_QUANTITY, quantity);
      return Optional.of(new Recognized<>(both, card * pieces));
    }
    if (quantity > 0) {
      return Optional.of(new Recognized<>(PriceCondition.quantity(quantity), pieces));
    }
    return card > 0 ? Optional.of(new Recognized<>(PriceCondition.card(), card)) : Optional.empty();
  }

  private double card(FieldText field) {
    String text = field.text();
    return switch (field.field().kind()) {
      case CARD -> {
        if (parser.asksForCard(text)) {
          yield either(field.field().score(), field.confidence());
        }
        boolean another = field.confidence() >= LEGIBLE && parser.isAnotherPromotion(text);
        yield another ? 0 : field.field().score();
      }
      case DISCOUNT, QUANTITY, UNIT -> parser.asksForCard(text) ? field.confidence() : 0;
      case NAME -> parser.surelyAsksForCard(text) ? field.confidence() : 0;
      default -> 0;
    };
  }

  private OptionalInt quantity(FieldText field) {
    return switch (field.field().kind()) {
      case QUANTITY -> parser.quantity(field.text(), true);
      case CARD, DISCOUNT, UNIT -> parser.quantity(field.text(), false);
      default -> OptionalInt.empty();
    };
  }

  private static double either(double a, double b) {
    return 1 - (1 - a) * (1 - b);
  }
}
