package io.shelfmark.inference.parsing;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Finds what a price depends on in promotional text: a loyalty card («цена по карте», «со скидкой
 * по выручай-карте»), a number of pieces («от 2 шт», «при покупке от 3 шт.», «2 по цене 1», «3=2»,
 * «3+1»). One wrong letter in four is forgiven. For one thread.
 */
final class ConditionParser {

  private static final List<String> CARD =
      folded(
          "карте",
          "картой",
          "карты",
          "карта",
          "картам",
          "выручай",
          "выручайкарте",
          "card",
          "clubcard",
          "karta",
          "karty",
          "kartą",
          "клубная",
          "клубной");
  private static final List<String> FROM = folded("от", "from", "ab", "od", "any", "buy");
  private static final List<String> PIECES = folded("шт", "штук", "штуки", "szt", "stk", "pcs");
  private static final List<String> PURCHASE = folded("покупке", "покупай", "купите");
  private static final List<String> MEASURES = folded("г", "гр", "кг", "мл", "л", "см", "м");
  private static final List<String> OTHERS =
      folded("скидка", "акция", "распродажа", "новинка", "низкая", "выгода");

  private static final int MAX_QUANTITY = 24;

  private final Words words = new Words();

  /** Whether the text says that the price needs a loyalty card; «без карты» says the opposite. */
  boolean asksForCard(CharSequence text) {
    words.read(text);
    for (int i = 0; i < words.size(); i++) {
      if (isCard(i) && !words.isNearly(i - 1, "без")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether text that may also be a product's name asks for a card: a card with «по» or «с» before
   * it.
   */
  boolean surelyAsksForCard(CharSequence text) {
    words.read(text);
    for (int i = 1; i < words.size(); i++) {
      if ((words.is(i - 1, "по") || words.is(i - 1, "с")) && isCard(i)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text is legible and about something other than a condition. */
  boolean isAnotherPromotion(CharSequence text) {
    words.read(text);
    for (int i = 0; i < words.size(); i++) {
      if (words.isCloseToAny(i, OTHERS)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many pieces the text asks for, 2 or more.
   *
   * @param text the text
   * @param expected whether something else, such as the look of the block, says that it is about a
   *     number of pieces
   */
  OptionalInt quantity(CharSequence text, boolean expected) {
    if (hasPrice(text)) {
      // «46.99 от 3 шт» says nothing about the main price
      return OptionalInt.empty();
    }
    int sum = QuantityEquation.find(text);
    if (sum >= 0) {
      return plausible(sum);
    }
    words.readQuantities(text);
    int best = 0;
    int bestEvidence = expected ? 0 : 1;
    for (int i = 0; i < words.size(); i++) {
      int evidence = evidence(i);
      if (evidence > bestEvidence) {
        best = words.number(i);
        bestEvidence = evidence;
      }
    }
    return plausible(best);
  }

  /** Whether an amount such as 46.99 is in the text. */
  private static boolean hasPrice(CharSequence text) {
    for (int i = 1; i < text.length(); i++) {
      if (TextScan.isAnyAt(text, i, ".,")
          && TextScan.isDigitAt(text, i - 1)
          && TextScan.skipDigits(text, i + 1) == i + 3) {
        return true;
      }
    }
    return false;
  }

  /** Signs around the word at {@code i} that it is the wanted number: 0 when it cannot be. */
  private int evidence(int i) {
    if (!words.isNumber(i)
        || words.length(i) > 2
        || words.number(i) < 2
        || words.number(i) > MAX_QUANTITY
        || words.isAny(i + 1, MEASURES)) {
      return 0;
    }
    int introduced = words.isAny(i - 1, FROM) ? 2 : words.isNearly(i - 1, "от") ? 1 : 0;
    boolean atThePriceOf = words.is(i + 1, "по") && words.isClose(i + 2, "цене");
    return 1
        + introduced
        + (isPieces(i + 1) ? 1 : 0)
        + (atThePriceOf ? 2 : 0)
        + (isAboutPurchase() ? 1 : 0);
  }

  private boolean isPieces(int i) {
    for (String piece : PIECES) {
      if (words.isNearly(i, piece)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAboutPurchase() {
    for (int i = 0; i < words.size(); i++) {
      if (words.isCloseToAny(i, PURCHASE)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCard(int i) {
    return words.isCloseToAny(i, CARD)
        || (words.length(i) > 6 && (words.endsWith(i, "карте") || words.endsWith(i, "картой")));
  }

  private static OptionalInt plausible(int quantity) {
    return quantity >= 2 && quantity <= MAX_QUANTITY
        ? OptionalInt.of(quantity)
        : OptionalInt.empty();
  }

  private static List<String> folded(String... words) {
    return Stream.of(words).map(TextFolding::fold).toList();
  }
}
