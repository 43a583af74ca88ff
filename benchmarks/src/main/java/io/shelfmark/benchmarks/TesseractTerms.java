package io.shelfmark.benchmarks;

import io.shelfmark.benchmarks.Tesseract.Word;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Tesseract's words around a price say it buys and who gets it, read as kindly as can be. */
final class TesseractTerms {

  private static final Pattern WITHOUT_CARD = Pattern.compile("без\\s+карт");
  private static final Pattern PIECES = Pattern.compile("(?:от|покупке)\\s*(\\d{1,2})\\s*шт");
  private static final Pattern DISCOUNT = Pattern.compile("[-–−](\\d{1,2})\\s*%");

  private static final Map<SaleUnit, Pattern> UNITS =
      Map.of(
          SaleUnit.PIECE, Pattern.compile("[/ ]\\s*(?:1\\s*)?шт"),
          SaleUnit.KILOGRAM, Pattern.compile("[/ ]\\s*(?:1\\s*)?кг"),
          SaleUnit.HUNDRED_GRAMS, Pattern.compile("100\\s*г"),
          SaleUnit.LITER, Pattern.compile("/\\s*(?:1\\s*)?л\\b"));

  private TesseractTerms() {}

  /** Puts condition, unit and discount that the words name into {@code tag}. */
  static void read(List<Word> words, PriceTag.Builder tag) {
    String text =
        words.stream().map(Word::text).collect(Collectors.joining(" ")).toLowerCase(Locale.ROOT);
    double confidence = words.stream().mapToDouble(Word::confidence).average().orElse(0);
    condition(text).ifPresent(found -> tag.condition(new Recognized<>(found, confidence)));
    unit(text).ifPresent(found -> tag.unit(new Recognized<>(found, confidence)));
    Matcher discount = DISCOUNT.matcher(text);
    if (discount.find() && !discount.group(1).matches("0+")) {
      tag.discount(new Recognized<>(Integer.parseInt(discount.group(1)), confidence));
    }
  }

  private static Optional<PriceCondition> condition(String text) {
    Matcher pieces = PIECES.matcher(text);
    if (pieces.find() && Integer.parseInt(pieces.group(1)) > 1) {
      return Optional.of(PriceCondition.quantity(Integer.parseInt(pieces.group(1))));
    }
    return WITHOUT_CARD.matcher(text).replaceAll("").contains("карт")
        ? Optional.of(PriceCondition.card())
        : Optional.empty();
  }

  /** The unit named first. */
  private static Optional<SaleUnit> unit(String text) {
    return UNITS.entrySet().stream()
        .filter(unit -> unit.getValue().matcher(text).find())
        .min(Comparator.comparingInt(unit -> start(unit.getValue(), text)))
        .map(Map.Entry::getKey);
  }

  private static int start(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.start() : Integer.MAX_VALUE;
  }
}
