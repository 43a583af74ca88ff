package io.shelfmark.inference.parsing;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a price depends on in promotional text: a loyalty card («цена по карте», «со скидкой
 * по выручай-карте»), a number of pieces («от 2 шт», «при покупке от 3 шт.», «2 по цене 1», «3=2»,
 * «3+1»). One wrong letter in four is forgiven. Stateless.
 */
final class ConditionParser {

  /** «3=2», «1+1=3», «3+1». */
  private static final Pattern EQUATION =
      Pattern.compile(
          "(?<![\\d.,])(\\d{1,2})\\s*(?:\\+\\s*(\\d)\\s*(?:=\\s*(\\d))?|=\\s*(\\d))(?![\\d.,%])");

  private static final Pattern PERCENT = Pattern.compile("\\d+\\s*%");
  private static final Pattern PRICE = Pattern.compile("\\d[.,]\\d{2}(?!\\d)");

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

  private ConditionParser() {}

  /** Whether the text says that the price needs a loyalty card; «без карты» says the opposite. */
  static boolean asksForCard(String text) {
    List<String> words = TextFolding.words(text);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean without =
          i > 0
              && words.get(i - 1).length() == 3
              && EditDistance.between(words.get(i - 1), "без") <= 1;
      if (!without && isCard(word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether text that may also be a product's name asks for a card: a card with «по» or «с» before
   * it.
   */
  static boolean surelyAsksForCard(String text) {
    List<String> words = TextFolding.words(text);
    for (int i = 1; i < words.size(); i++) {
      if ((words.get(i - 1).equals("по") || words.get(i - 1).equals("с")) && isCard(words.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the text is legible and about something other than a condition. */
  static boolean isAnotherPromotion(String text) {
    return TextFolding.words(text).stream()
        .anyMatch(word -> OTHERS.stream().anyMatch(other -> EditDistance.close(word, other)));
  }

  /**
   * How many pieces the text asks for, 2 or more.
   *
   * @param text the text
   * @param expected whether something else, such as the look of the block, says that it is about a
   *     number of pieces
   */
  static OptionalInt quantity(String text, boolean expected) {
    if (PRICE.matcher(text).find()) {
      return OptionalInt
          .empty(); // a price of its own: «46.99 от 3 шт» says nothing about the main one
    }
    Matcher equation = EQUATION.matcher(text);
    if (equation.find()) {
      return plausible(quantity(equation));
    }
    List<String> words = joinZero(TextFolding.words(PERCENT.matcher(text).replaceAll(" ")));
    int best = 0;
    int bestEvidence = expected ? 0 : 1;
    for (int i = 0; i < words.size(); i++) {
      int evidence = evidence(words, i);
      if (evidence > bestEvidence) {
        best = Integer.parseInt(words.get(i));
        bestEvidence = evidence;
      }
    }
    return plausible(best);
  }

  private static int quantity(Matcher equation) {
    int first = Integer.parseInt(equation.group(1));
    if (equation.group(4) != null) {
      return first > Integer.parseInt(equation.group(4)) ? first : 0;
    }
    int sum = first + Integer.parseInt(equation.group(2));
    return equation.group(3) == null ? sum : Math.max(sum, Integer.parseInt(equation.group(3)));
  }

  /** Signs around the word at {@code i} that it is the wanted number: 0 when it cannot be. */
  private static int evidence(List<String> words, int i) {
    String word = words.get(i);
    if (!Character.isDigit(word.charAt(0)) || word.length() > 2 || Integer.parseInt(word) < 2) {
      return 0;
    }
    String before = i > 0 ? words.get(i - 1) : "";
    String after = i + 1 < words.size() ? words.get(i + 1) : "";
    if (MEASURES.contains(after) || Integer.parseInt(word) > MAX_QUANTITY) {
      return 0;
    }
    boolean from = before.length() == 2 && EditDistance.between(before, "от") <= 1;
    boolean pieces = PIECES.stream().anyMatch(piece -> near(after, piece));
    boolean atThePriceOf =
        after.equals("по") && i + 2 < words.size() && EditDistance.close(words.get(i + 2), "цене");
    boolean purchase =
        words.stream()
            .anyMatch(
                other -> PURCHASE.stream().anyMatch(wanted -> EditDistance.close(other, wanted)));
    int introduced = FROM.contains(before) ? 2 : from ? 1 : 0;
    return 1 + introduced + (pieces ? 1 : 0) + (atThePriceOf ? 2 : 0) + (purchase ? 1 : 0);
  }

  private static boolean isCard(String word) {
    return CARD.stream().anyMatch(card -> EditDistance.close(word, card))
        || (word.length() > 6 && (word.endsWith("карте") || word.endsWith("картой")));
  }

  private static boolean near(String word, String piece) {
    return word.equals(piece)
        || (word.length() == piece.length() && EditDistance.between(word, piece) == 1);
  }

  private static OptionalInt plausible(int quantity) {
    return quantity >= 2 && quantity <= MAX_QUANTITY
        ? OptionalInt.of(quantity)
        : OptionalInt.empty();
  }

  /** «0т 2» is «от 2»: a lone zero before letters belongs to them. */
  private static List<String> joinZero(List<String> words) {
    List<String> joined = new ArrayList<>(words);
    for (int i = 0; i + 1 < joined.size(); i++) {
      if (joined.get(i).equals("0") && Character.isLetter(joined.get(i + 1).charAt(0))) {
        joined.set(i + 1, "о" + joined.get(i + 1));
      }
    }
    return joined;
  }

  private static List<String> folded(String... words) {
    return Stream.of(words).map(TextFolding::fold).toList();
  }
}
