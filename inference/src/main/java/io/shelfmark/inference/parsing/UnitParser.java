package io.shelfmark.inference.parsing;

import io.shelfmark.inference.SaleUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a price buys: «₽/шт.», «руб/кг», «за 100 г», «цена за 1 л». Free text must say «за» or
 * «/» before the unit; a field that is about the unit need not. For one thread.
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

  private static final String PER = TextFolding.fold("per");

  private final Words words = new Words();

  /** The unit that a field about the unit names. */
  Optional<SaleUnit> parseUnit(CharSequence text) {
    words.read(text);
    for (int i = 0; i < words.size(); i++) {
      SaleUnit unit = unit(i);
      if (unit != null) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  /** The unit that free text names after «за» or a slash. */
  Optional<SaleUnit> parseFreeText(CharSequence raw) {
    CharSequence text = TextFolding.compose(raw);
    int slash = TextScan.indexOf(text, '/');
    if (slash >= 0) {
      words.read(text, slash + 1);
      SaleUnit behind = unit(words.isNumber(0) ? 1 : 0);
      if (behind != null) {
        return Optional.of(behind);
      }
    }
    words.read(text);
    for (int i = 0; i < words.size(); i++) {
      int before = i - (words.isNumber(i - 1) ? 2 : 1);
      SaleUnit unit = words.is(before, "за") || words.is(before, PER) ? unit(i) : null;
      if (unit != null) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  /** The unit that word {@code i} names, with the number before it. */
  private @Nullable SaleUnit unit(int i) {
    boolean counted = words.isNumber(i - 1);
    boolean one = !counted || words.is(i - 1, "1");
    if (one && words.isAny(i, PIECES)) {
      return SaleUnit.PIECE;
    }
    boolean grams = counted && words.isAny(i, GRAMS);
    if ((one && words.isAny(i, KILOGRAMS)) || (grams && words.is(i - 1, "1000"))) {
      return SaleUnit.KILOGRAM;
    }
    if (grams && words.is(i - 1, "100")) {
      return SaleUnit.HUNDRED_GRAMS;
    }
    return one && words.isAny(i, LITERS) ? SaleUnit.LITER : null;
  }

  private static List<String> folded(String... words) {
    return List.of(words).stream().map(TextFolding::fold).toList();
  }
}
