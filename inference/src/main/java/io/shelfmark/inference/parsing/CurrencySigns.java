package io.shelfmark.inference.parsing;

import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signs and words by which tags name a currency. A sign of several currencies ($, kr, р) means
 * the default currency when that is one of them, else the first listed. Stateless.
 */
final class CurrencySigns {

  private static final List<Sign> SIGNS = new ArrayList<>();

  private record Sign(String text, List<String> codes) {}

  static {
    sign("₽", "RUB");
    sign("€", "EUR");
    sign("$", "USD", "CAD", "AUD", "NZD", "MXN", "CLP", "ARS", "HKD", "SGD");
    sign("£", "GBP", "EGP");
    sign("¥", "JPY", "CNY");
    sign("₸", "KZT");
    sign("₴", "UAH");
    sign("₺", "TRY");
    sign("₼", "AZN");
    sign("₾", "GEL");
    sign("֏", "AMD");
    sign("₹", "INR");
    sign("₩", "KRW");
    sign("₪", "ILS");
    sign("₫", "VND");
    sign("рублей", "RUB", "BYN");
    sign("рубля", "RUB", "BYN");
    sign("рубль", "RUB", "BYN");
    sign("руб", "RUB", "BYN");
    sign("рб", "RUB", "BYN");
    sign("р", "RUB", "BYN");
    sign("rub", "RUB");
    sign("rur", "RUB");
    sign("eur", "EUR");
    sign("euro", "EUR");
    sign("евро", "EUR");
    sign("usd", "USD");
    sign("gbp", "GBP");
    sign("br", "BYN");
    sign("byn", "BYN");
    sign("тенге", "KZT");
    sign("тг", "KZT");
    sign("kzt", "KZT");
    sign("zł", "PLN");
    sign("zl", "PLN");
    sign("pln", "PLN");
    sign("грн", "UAH");
    sign("uah", "UAH");
    sign("tl", "TRY");
    sign("try", "TRY");
    sign("kč", "CZK");
    sign("kc", "CZK");
    sign("czk", "CZK");
    sign("ft", "HUF");
    sign("huf", "HUF");
    sign("lei", "RON", "MDL");
    sign("ron", "RON");
    sign("лв", "BGN");
    sign("bgn", "BGN");
    sign("kr", "SEK", "NOK", "DKK", "ISK");
    sign("sek", "SEK");
    sign("nok", "NOK");
    sign("dkk", "DKK");
    sign("chf", "CHF");
    sign("fr", "CHF");
    sign("сом", "KGS");
    sign("драм", "AMD");
    sign("jpy", "JPY");
    sign("cny", "CNY");
  }

  private CurrencySigns() {}

  /** The currency that the sign or folded word from {@code from} to {@code to} names. */
  static @Nullable Currency named(CharSequence text, int from, int to, Currency defaultCurrency) {
    for (int i = 0; i < SIGNS.size(); i++) {
      Sign sign = SIGNS.get(i);
      if (TextScan.isAt(text, from, to, sign.text())) {
        return sign.codes().contains(defaultCurrency.getCurrencyCode())
            ? defaultCurrency
            : Currency.getInstance(sign.codes().get(0));
      }
    }
    return null;
  }

  private static void sign(String sign, String... codes) {
    StringBuilder folded = new StringBuilder();
    sign.chars().forEach(c -> folded.append(TextFolding.fold((char) c)));
    SIGNS.add(new Sign(folded.toString(), List.of(codes)));
  }
}
