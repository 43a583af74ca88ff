package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Price;
import java.text.Normalizer;
import java.util.Currency;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an amount of money: {@code 219.99}, {@code 135}, {@code 70 ₽}, {@code 1 299,00 руб/кг},
 * {@code 4€99}, {@code 12,-}. A sign or word on the text names the currency, else it is the default
 * one, and the currency says how many digits its minor unit has. Text that is not one plausible
 * amount gives nothing. Immutable, thread-safe.
 */
final class PriceParser {

  private static final int MAX_MAJOR_DIGITS = 7;
  private static final int MAX_STRAY_LETTERS = 2;

  private static final Pattern UNIT =
      Pattern.compile(
          "(?:/|за\\s)\\s*(?:\\d+\\s*)?(?:шт|кг|kg|кg|г|g|л|l|мл|уп|пач|бут|sт)\\p{L}*\\.?");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}+\\.?|\\p{Sc}|¢");

  /** ¤ stands for the currency's sign or word, × for the minor unit's. */
  private static final Pattern AMOUNT =
      Pattern.compile(
          "[^\\d+-]*(?<major>\\d{1,3}(?:(?<thousands>[ '.,])\\d{3})(?:\\k<thousands>\\d{3})*|\\d+)"
              + "(?:(?:\\s?[.,=-]\\s?| |\\s*¤\\s*)(?<minor>\\d{2,3}))?(?<rest>\\D*)");

  private final Currency defaultCurrency;

  PriceParser(Currency defaultCurrency) {
    this.defaultCurrency = defaultCurrency;
  }

  /** The amount that {@code text} names. */
  Optional<Price> parse(String text) {
    String folded = fold(text);
    if (folded.indexOf('%') >= 0) {
      return Optional.empty();
    }
    StringBuilder marked = new StringBuilder();
    Currency currency = defaultCurrency;
    boolean named = false;
    int stray = 0;
    Matcher letters = LETTERS.matcher(UNIT.matcher(folded).replaceAll(" "));
    while (letters.find()) {
      String word = letters.group().replace(".", "");
      Optional<Currency> sign = CurrencySigns.named(word, defaultCurrency);
      if (namesMinorUnit(word)) {
        letters.appendReplacement(marked, "×");
      } else if (sign.isPresent()) {
        currency = named ? currency : sign.get();
        named = true;
        letters.appendReplacement(marked, "¤");
      } else {
        stray += word.length();
        letters.appendReplacement(marked, letters.group().endsWith(".") ? " ." : " ");
      }
    }
    letters.appendTail(marked);
    Matcher amount = AMOUNT.matcher(marked.toString().strip());
    return stray > MAX_STRAY_LETTERS || !amount.matches()
        ? Optional.empty()
        : price(amount, currency, named);
  }

  /** The currency that {@code text} names, if it names one. */
  Optional<Currency> currency(String text) {
    Matcher letters = LETTERS.matcher(fold(text));
    while (letters.find()) {
      String word = letters.group().replace(".", "");
      Optional<Currency> named =
          namesMinorUnit(word) ? Optional.empty() : CurrencySigns.named(word, defaultCurrency);
      if (named.isPresent()) {
        return named;
      }
    }
    return Optional.empty();
  }

  private static Optional<Price> price(Matcher amount, Currency currency, boolean named) {
    String major = digits(amount.group("major"));
    String minor = amount.group("minor");
    String thousands = amount.group("thousands");
    int digits = Math.max(0, currency.getDefaultFractionDigits());
    if (digits == 3
        && minor == null
        && major.length() > 3
        && ".,".contains(String.valueOf(thousands))) {
      minor = major.substring(major.length() - 3); // dinars have 1000 fils
      major = major.substring(0, major.length() - 3);
    }
    boolean doubtful =
        thousands != null && ".,".contains(thousands) && minor == null && digits == 2;
    boolean implausible =
        major.length() > MAX_MAJOR_DIGITS
            || (major.length() > 1 && major.startsWith("0"))
            || (minor != null && minor.length() != digits);
    if (doubtful || implausible) {
      return Optional.empty();
    }
    long value = Long.parseLong(major);
    if (minor == null && !named && amount.group("rest").contains("×")) {
      return value > 0 && value < 100 && digits == 2
          ? Optional.of(new Price(value, currency))
          : Optional.empty();
    }
    for (int i = 0; i < digits; i++) {
      value *= 10;
    }
    value += minor == null ? 0 : Long.parseLong(minor);
    return value == 0 ? Optional.empty() : Optional.of(new Price(value, currency));
  }

  private static String digits(String text) {
    StringBuilder digits = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (isDigit(text.charAt(i))) {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }

  /** Kopecks, cents, and the p of pence where pounds are the default. */
  private boolean namesMinorUnit(String word) {
    return word.equals("коп")
        || word.equals("к")
        || word.equals("¢")
        || (word.equals("р") && defaultCurrency.getCurrencyCode().equals("GBP"));
  }

  /**
   * Look-alikes folded, spaces and dashes of one kind, letters among digits that are digits (О, З)
   * put right.
   */
  private static String fold(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    StringBuilder folded = new StringBuilder(composed.length());
    for (int i = 0; i < composed.length(); i++) {
      char c = TextFolding.fold(composed.charAt(i));
      switch (c) {
        case '–', '—', '−', '‑' -> folded.append('-');
        case '’', '`' -> folded.append('\'');
        default -> folded.append(Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : c);
      }
    }
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if ((c == 'о' || c == 'з') && amongDigits(folded, i)) {
        folded.setCharAt(i, c == 'о' ? '0' : '3');
      }
    }
    return folded.toString();
  }

  private static boolean amongDigits(CharSequence text, int at) {
    boolean digitBefore = at > 0 && isDigit(text.charAt(at - 1));
    boolean digitAfter = at + 1 < text.length() && isDigit(text.charAt(at + 1));
    boolean letterBeside =
        (at > 0 && Character.isLetter(text.charAt(at - 1)))
            || (at + 1 < text.length() && Character.isLetter(text.charAt(at + 1)));
    return (digitBefore || digitAfter) && !letterBeside;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
