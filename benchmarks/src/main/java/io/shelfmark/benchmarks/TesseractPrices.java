package io.shelfmark.benchmarks;

import io.shelfmark.benchmarks.Tesseract.Word;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.Recognized;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prices in Tesseract's words, read as kindly as can be: "109.99", "109,99", "109 99", "10999"
 * (kopecks in superscript run into the rubles) and "109".
 */
final class TesseractPrices {

  private static final Currency RUB = Currency.getInstance("RUB");
  private static final Pattern WITH_MARK = Pattern.compile("(\\d{1,5})[.,](\\d{2})");
  private static final Pattern DIGITS = Pattern.compile("\\d{1,7}");
  private static final int MERGED_FROM = 4;

  /** A price and the box of the words it was read from. */
  record Found(Recognized<Price> price, int left, int top, int right, int bottom) {}

  private TesseractPrices() {}

  static List<Found> in(List<Word> words) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      String text = clean(word.text());
      Optional<Word> next =
          i + 1 < words.size() && words.get(i + 1).line().equals(word.line())
              ? Optional.of(words.get(i + 1))
              : Optional.empty();
      Matcher marked = WITH_MARK.matcher(text);
      if (marked.matches()) {
        found.add(found(marked.group(1), marked.group(2), word, word));
      } else if (DIGITS.matcher(text).matches()) {
        if (next.isPresent()
            && clean(next.get().text()).matches("\\d{2}")
            && text.length() < MERGED_FROM) {
          found.add(found(text, clean(next.get().text()), word, next.get()));
          i++;
        } else if (text.length() >= MERGED_FROM) {
          int cut = text.length() - 2;
          found.add(found(text.substring(0, cut), text.substring(cut), word, word));
        } else {
          found.add(found(text, "00", word, word));
        }
      }
    }
    return found;
  }

  private static String clean(String text) {
    return text.replaceAll("[^\\d.,]", "").replaceAll("^[.,]+|[.,]+$", "");
  }

  private static Found found(String rubles, String kopecks, Word first, Word last) {
    Price price = new Price(Long.parseLong(rubles) * 100 + Long.parseLong(kopecks), RUB);
    return new Found(
        new Recognized<>(price, Math.min(first.confidence(), last.confidence())),
        first.left(),
        Math.min(first.top(), last.top()),
        last.left() + last.width(),
        Math.max(first.top() + first.height(), last.top() + last.height()));
  }
}
