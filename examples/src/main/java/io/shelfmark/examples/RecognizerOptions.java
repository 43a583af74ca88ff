package io.shelfmark.examples;

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
      names = "--models",
      paramLabel = "DIR",
      description =
          "Use tag-detector.onnx, field-detector.onnx and text-recognizer.onnx of this folder, those that it has, instead of the bundled ones.")
  private @Nullable Path models;

  PriceTagRecognizer open() {
    RecognizerBuilder builder = PriceTagRecognizer.builder().currency(currency);
    if (pricesOnly) {
      builder.scope(RecognizerBuilder.Scope.PRICES);
    }
    model("tag-detector", builder::tagDetector);
    model("field-detector", builder::fieldDetector);
    model("text-recognizer", builder::textRecognizer);
    return builder.build();
  }

  private void model(String name, Consumer<Path> use) {
    if (models != null && Files.exists(models.resolve(name + ".onnx"))) {
      use.accept(models.resolve(name + ".onnx"));
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
