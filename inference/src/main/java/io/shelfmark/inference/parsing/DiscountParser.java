package io.shelfmark.inference.parsing;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the discount in percent: {@code -33%}, {@code −29 %}, {@code СКИДКА 25 %}. «до 50%» is
 * about other goods and gives nothing. Stateless.
 */
final class DiscountParser {

  private static final Pattern PERCENT =
      Pattern.compile(
          "(?<![\\d.,])(?<number>\\d{1,2})\\s*%|[-–—−]\\s*(?<bare>\\d{1,2})(?![\\d.,])\\s*$");

  private static final Pattern UP_TO =
      Pattern.compile("(?i)(?:до|up\\s+to)\\s*[-–—−]?\\s*$", Pattern.UNICODE_CASE);

  private DiscountParser() {}

  /** Percent, 1 to 99. A number without a percent sign counts only after a minus and at the end. */
  static OptionalInt parse(String text) {
    Matcher percent = PERCENT.matcher(text);
    while (percent.find()) {
      String digits =
          percent.group("number") == null ? percent.group("bare") : percent.group("number");
      int value = Integer.parseInt(digits);
      if (value > 0 && !UP_TO.matcher(text.substring(0, percent.start())).find()) {
        return OptionalInt.of(value);
      }
    }
    return OptionalInt.empty();
  }
}
