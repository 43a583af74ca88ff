package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Price;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an amount of money: {@code 219.99}, {@code 135}, {@code 70 ₽}, {@code 1 299,00 руб/кг},
 * {@code 4€99}, {@code 12,-}. A sign or word on the text names the currency, else it is the default
 * one, and the currency says how many digits its minor unit has. Text that is not one plausible
 * amount gives nothing. Holds scratch memory: for one thread.
 *
 * <p>The text is folded; a unit («/кг», «за 100 г») becomes a space, a currency's sign or word ¤,
 * that of a minor unit ×, any other word a space; {@link AmountScanner} reads what is left.
 */
final class PriceParser {

  private static final int MAX_STRAY_LETTERS = 2;

  /** Beginnings of units, folded. */
  private static final List<String> UNITS =
      List.of("шт", "кг", "кg", "г", "g", "л", "l", "мл", "уп", "пач", "бут", "sт");

  private final StringBuilder text;
  private final AmountScanner amounts;
  private final Currency defaultCurrency;

  PriceParser(Currency defaultCurrency) {
    this(defaultCurrency, new StringBuilder(), new AmountScanner());
  }

  private PriceParser(Currency defaultCurrency, StringBuilder text, AmountScanner amounts) {
    this.defaultCurrency = defaultCurrency;
    this.text = text;
    this.amounts = amounts;
  }

  /** A parser for another default currency with this one's memory; use one of the two at a time. */
  PriceParser in(Currency currency) {
    return currency.equals(defaultCurrency) ? this : new PriceParser(currency, text, amounts);
  }

  /** The amount that {@code raw} names. */
  Optional<Price> parse(CharSequence raw) {
    if (TextScan.indexOf(raw, '%') >= 0) {
      return Optional.empty();
    }
    fold(raw);
    dropUnits();
    Currency named = null;
    int stray = 0;
    int kept = 0;
    for (int i = 0; i < text.length(); ) {
      int end = wordEnd(i);
      if (end == i) {
        text.setCharAt(kept++, text.charAt(i++));
        continue;
      }
      // words shrink to one character, and to two only when a point follows them
      Currency sign = CurrencySigns.named(text, i, end, defaultCurrency);
      boolean point = endsInPoint(i, end);
      if (namesMinorUnit(i, end)) {
        text.setCharAt(kept++, AmountScanner.MINOR_SIGN);
      } else if (sign != null) {
        named = named == null ? sign : named;
        text.setCharAt(kept++, AmountScanner.SIGN);
      } else {
        stray += end - i;
        text.setCharAt(kept++, ' ');
        if (point) {
          text.setCharAt(kept++, '.');
        }
      }
      i = point ? end + 1 : end;
    }
    text.setLength(kept);
    return stray > MAX_STRAY_LETTERS
        ? Optional.empty()
        : amounts.read(text, named == null ? defaultCurrency : named, named != null);
  }

  /** The currency that {@code raw} names, if it names one. */
  @Nullable Currency currency(CharSequence raw) {
    fold(raw);
    for (int i = 0; i < text.length(); ) {
      int end = wordEnd(i);
      if (end > i && !namesMinorUnit(i, end)) {
        Currency named = CurrencySigns.named(text, i, end, defaultCurrency);
        if (named != null) {
          return named;
        }
      }
      i = Math.max(end, i + 1);
    }
    return null;
  }

  /** Where the word or the sign at {@code from} ends; at {@code from} when there is none. */
  private int wordEnd(int from) {
    int end = TextScan.skipLetters(text, from);
    int c = Character.codePointAt(text, from);
    return end == from && Character.getType(c) == Character.CURRENCY_SYMBOL
        ? from + Character.charCount(c)
        : end;
  }

  /** A point after a word belongs to it, one after a sign does not. */
  private boolean endsInPoint(int from, int end) {
    return TextScan.isAt(text, end, '.') && Character.isLetter(Character.codePointAt(text, from));
  }

  /** Kopecks, cents, and the p of pence where pounds are the default. */
  private boolean namesMinorUnit(int from, int end) {
    return TextScan.isAt(text, from, end, "коп")
        || TextScan.isAt(text, from, end, "к")
        || TextScan.isAt(text, from, end, "¢")
        || (TextScan.isAt(text, from, end, "р") && defaultCurrency.getCurrencyCode().equals("GBP"));
  }

  /** Puts a space for each unit after «за» or a slash, number included. */
  private void dropUnits() {
    int kept = 0;
    for (int i = 0; i < text.length(); ) {
      int end = unitEnd(i);
      text.setCharAt(kept++, end > i ? ' ' : text.charAt(i));
      i = Math.max(end, i + 1);
    }
    text.setLength(kept);
  }

  private int unitEnd(int from) {
    int at = from;
    if (text.charAt(from) == '/') {
      at++;
    } else if (text.charAt(from) == 'з'
        && TextScan.isAt(text, from + 1, 'а')
        && TextScan.isAt(text, from + 2, ' ')) {
      at += 3;
    } else {
      return from;
    }
    at = TextScan.skipSpace(text, at);
    at = TextScan.skipSpace(text, TextScan.skipDigits(text, at));
    for (String unit : UNITS) {
      int end = at + unit.length();
      if (end <= text.length() && TextScan.isAt(text, at, end, unit)) {
        end = TextScan.skipLetters(text, end);
        return TextScan.isAt(text, end, '.') ? end + 1 : end;
      }
    }
    return from;
  }

  /**
   * Look-alikes folded, spaces and dashes of one kind, letters among digits that are digits (О, З)
   * put right.
   */
  private void fold(CharSequence raw) {
    CharSequence composed = TextFolding.compose(raw);
    text.setLength(0);
    for (int i = 0; i < composed.length(); i++) {
      char c = TextFolding.fold(composed.charAt(i));
      switch (c) {
        case '–', '—', '−', '‑' -> text.append('-');
        case '’', '`' -> text.append('\'');
        default -> text.append(Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : c);
      }
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c == 'о' || c == 'з') && isAmongDigits(i)) {
        text.setCharAt(i, c == 'о' ? '0' : '3');
      }
    }
  }

  private boolean isAmongDigits(int at) {
    boolean digitBeside = TextScan.isDigitAt(text, at - 1) || TextScan.isDigitAt(text, at + 1);
    boolean letterBeside =
        (at > 0 && Character.isLetter(text.charAt(at - 1)))
            || (at + 1 < text.length() && Character.isLetter(text.charAt(at + 1)));
    return digitBeside && !letterBeside;
  }
}
