package io.shelfmark.inference.parsing;

import io.shelfmark.inference.SaleUnit;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a price buys: «₽/шт.», «руб/кг», «за 100 г», «цена за 1 л». Free text must say «за» or
 * «/» before the unit; a field that is about the unit need not. Stateless.
 */
final class UnitParser {

  private static final List<String> PIECES =
      folded(
          "шт",
          "штука",
          "штуку",
          "штуки",
          "уп",
          "упак",
          "упаковка",
          "упаковку",
          "пач",
          "пачка",
          "пачку",
          "бут",
          "бутылка",
          "бутылку",
          "pc",
          "pcs",
          "pz",
          "szt",
          "stk",
          "stück",
          "ks",
          "ud",
          "ea",
          "each");
  private static final List<String> KILOGRAMS = folded("кг", "килограмм", "kg", "kilo");
  private static final List<String> GRAMS = folded("г", "гр", "грамм", "g", "gr");
  private static final List<String> LITERS =
      folded("л", "литр", "l", "lt", "ltr", "litre", "liter");

  private UnitParser() {}

  /** The unit that a field about the unit names. */
  static Optional<SaleUnit> parseUnit(String text) {
    return first(TextFolding.words(text), false);
  }

  /** The unit that free text names after «за» or a slash. */
  static Optional<SaleUnit> parseFreeText(String text) {
    int slash = text.indexOf('/');
    if (slash >= 0) {
      Optional<SaleUnit> behind = parseLeading(TextFolding.words(text.substring(slash + 1)));
      if (behind.isPresent()) {
        return behind;
      }
    }
    return first(TextFolding.words(text), true);
  }

  private static Optional<SaleUnit> parseLeading(List<String> words) {
    boolean counted = !words.isEmpty() && Character.isDigit(words.get(0).charAt(0));
    int at = counted ? 1 : 0;
    return at < words.size() ? unit(counted ? words.get(0) : "", words.get(at)) : Optional.empty();
  }

  private static Optional<SaleUnit> first(List<String> words, boolean afterPreposition) {
    for (int i = 0; i < words.size(); i++) {
      boolean counted = i > 0 && Character.isDigit(words.get(i - 1).charAt(0));
      int before = i - (counted ? 2 : 1);
      boolean introduced = before >= 0 && isPreposition(words.get(before));
      Optional<SaleUnit> unit = unit(counted ? words.get(i - 1) : "", words.get(i));
      if (unit.isPresent() && (introduced || !afterPreposition)) {
        return unit;
      }
    }
    return Optional.empty();
  }

  private static boolean isPreposition(String word) {
    return word.equals("за") || word.equals(TextFolding.fold("per"));
  }

  private static Optional<SaleUnit> unit(String count, String word) {
    boolean one = count.isEmpty() || count.equals("1");
    if (one && PIECES.contains(word)) {
      return Optional.of(SaleUnit.PIECE);
    }
    if ((one && KILOGRAMS.contains(word)) || (count.equals("1000") && GRAMS.contains(word))) {
      return Optional.of(SaleUnit.KILOGRAM);
    }
    if (count.equals("100") && GRAMS.contains(word)) {
      return Optional.of(SaleUnit.HUNDRED_GRAMS);
    }
    return one && LITERS.contains(word) ? Optional.of(SaleUnit.LITER) : Optional.empty();
  }

  private static List<String> folded(String... words) {
    return List.of(words).stream().map(TextFolding::fold).toList();
  }
}
