package io.shelfmark.examples;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.PriceTagRecognizer;
import io.shelfmark.inference.RecognizerBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Currency;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of every command that reads photos. */
final class RecognizerOptions {

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      defaultValue = "RUB",
      converter = CurrencyCode.class,
      description =
          "Currency of prices without a sign: an ISO 4217 code (default: ${DEFAULT-VALUE}).")
  private Currency currency = Currency.getInstance("RUB");

  @Option(
      names = "--prices-only",
      description = "Leave out names, conditions and codes; takes about half the time.")
  private boolean pricesOnly;

  @Option(
      names = "--minimum-score",
      paramLabel = "SHARE",
      converter = Share.class,
      description = "Leave out tags that the detector is less sure of, 0 to 1 (default: 0.57).")
  private @Nullable Double minimumScore;

  @Option(
      names = "--minimum-price-confidence",
      paramLabel = "SHARE",
      defaultValue = "0",
      converter = Share.class,
      description = "Leave prices empty that are less sure, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double minimumPriceConfidence;

  @Option(
      names = "--precision",
      paramLabel = "NUMBERS",
      defaultValue = "FP32",
      description =
          "What the bundled networks compute with: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private RecognizerBuilder.Precision precision = RecognizerBuilder.Precision.FP32;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "Use tag-detector.onnx, field-detector.onnx and text-recognizer.onnx of this folder, those that it has, instead of the bundled ones.")
  private @Nullable Path models;

  /**
   * Opens a recognizer with these options.
   *
   * @throws ModelException when the folder of models is missing or holds none
   */
  PriceTagRecognizer open() {
    return open(models);
  }

  /** The same with the models that {@code folder} has, or the bundled ones when it is null. */
  PriceTagRecognizer open(@Nullable Path folder) {
    RecognizerBuilder builder =
        PriceTagRecognizer.builder()
            .currency(currency)
            .minimumPriceConfidence(minimumPriceConfidence)
            .precision(precision);
    if (pricesOnly) {
      builder.scope(RecognizerBuilder.Scope.PRICES);
    }
    if (minimumScore != null) {
      builder.minimumScore(minimumScore);
    }
    if (folder != null) {
      boolean found = model(folder, "tag-detector", builder::tagDetector);
      found |= model(folder, "field-detector", builder::fieldDetector);
      found |= model(folder, "text-recognizer", builder::textRecognizer);
      if (!found) {
        // a misspelt folder must not pass for the bundled models
        throw new ModelException(
            "Cannot load models of %s: found none, expected tag-detector.onnx, field-detector.onnx or text-recognizer.onnx (check the path)"
                .formatted(folder));
      }
    }
    return builder.build();
  }

  private static boolean model(Path folder, String name, Consumer<Path> use) {
    Path file = folder.resolve(name + ".onnx");
    if (Files.exists(file)) {
      use.accept(file);
      return true;
    }
    return false;
  }

  static final class Share implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      try {
        double value = Double.parseDouble(text);
        if (value >= 0 && value <= 1) {
          return value;
        }
      } catch (NumberFormatException e) {
        // told below, as any other value that is no share
      }
      throw new TypeConversionException("found '%s', expected 0 to 1".formatted(text));
    }
  }

  static final class CurrencyCode implements ITypeConverter<Currency> {
    @Override
    public Currency convert(String code) {
      try {
        return Currency.getInstance(code.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "found '%s', expected an ISO 4217 code such as RUB or EUR".formatted(code));
      }
    }
  }
}
