package io.shelfmark.inference;

import java.util.Objects;

/**
 * What a shopper must do to pay the tag's main price. Immutable.
 *
 * @param kind what is asked for
 * @param quantity the number of pieces that must be bought; 1 when only the card counts
 */
public record PriceCondition(Kind kind, int quantity) {

  /** What a condition asks for. */
  public enum Kind {
    /** The shop's loyalty card. */
    CARD,
    /** A number of pieces. */
    QUANTITY,
    /** The card and a number of pieces. */
    CARD_AND_QUANTITY
  }

  /** Refuses a quantity that does not fit the kind. */
  public PriceCondition {
    Objects.requireNonNull(kind, "kind");
    if (kind == Kind.CARD ? quantity != 1 : quantity < 2) {
      throw new IllegalArgumentException(
          "Cannot make condition %s: found quantity %d, expected %s"
              .formatted(kind, quantity, kind == Kind.CARD ? "1" : "2 or more"));
    }
  }

  /** The price holds for holders of the shop's card. */
  public static PriceCondition card() {
    return new PriceCondition(Kind.CARD, 1);
  }

  /** The price holds when at least {@code quantity} pieces are bought. */
  public static PriceCondition quantity(int quantity) {
    return new PriceCondition(Kind.QUANTITY, quantity);
  }
}
