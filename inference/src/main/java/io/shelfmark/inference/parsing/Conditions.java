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
    for (int i = 0; i < tag.size(); i++) {
      card = Math.max(card, card(tag, i));
      OptionalInt found = quantity(tag, i);
      double confidence =
          either(tag.kind(i) == FieldKind.QUANTITY ? tag.score(i) : 0, tag.confidence(i));
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

  private double card(TagText tag, int i) {
    CharSequence text = tag.text(i);
    return switch (tag.kind(i)) {
      case CARD -> {
        if (parser.asksForCard(text)) {
          yield either(tag.score(i), tag.confidence(i));
        }
        boolean another = tag.confidence(i) >= LEGIBLE && parser.isAnotherPromotion(text);
        yield another ? 0 : tag.score(i);
      }
      case DISCOUNT, QUANTITY, UNIT -> parser.asksForCard(text) ? tag.confidence(i) : 0;
      case NAME -> parser.surelyAsksForCard(text) ? tag.confidence(i) : 0;
      default -> 0;
    };
  }

  private OptionalInt quantity(TagText tag, int i) {
    return switch (tag.kind(i)) {
      case QUANTITY -> parser.quantity(tag.text(i), true);
      case CARD, DISCOUNT, UNIT -> parser.quantity(tag.text(i), false);
      default -> OptionalInt.empty();
    };
  }

  private static double either(double a, double b) {
    return 1 - (1 - a) * (1 - b);
  }
}
