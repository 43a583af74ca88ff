package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.detection.FieldKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Turns what was read on a tag into values. A currency that the tag names wins over the default;
 * the prices are weighed by arithmetic, see {@link PriceArithmetic}. What could not be read is
 * empty, never invented. Get one with {@link #of}. Immutable, thread-safe.
 */
public final class TagParser {

  private static final Comparator<Recognized<Barcode>> BEST_CODE =
      Comparator.comparing((Recognized<Barcode> code) -> code.value().symbology())
          .thenComparing(
              Comparator.comparingDouble((Recognized<Barcode> code) -> code.confidence())
                  .reversed());

  /** Fields that may name a currency. */
  private static final List<FieldKind> SIGNED =
      List.of(FieldKind.PRICE, FieldKind.REGULAR_PRICE, FieldKind.UNIT);

  private final Currency defaultCurrency;
  private final double minimumPriceConfidence;

  private TagParser(Currency defaultCurrency, double minimumPriceConfidence) {
    this.defaultCurrency = Objects.requireNonNull(defaultCurrency, "defaultCurrency");
    this.minimumPriceConfidence = minimumPriceConfidence;
  }

  /**
   * A parser for tags of one country; {@code defaultCurrency} is what a price without a sign is in.
   */
  public static TagParser of(Currency defaultCurrency) {
    return new TagParser(defaultCurrency, 0);
  }

  /** The same; prices of less than this confidence, 0 to 1, count as unread. */
  public TagParser minimumPriceConfidence(double value) {
    return new TagParser(defaultCurrency, value);
  }

  /** The tag at {@code detection} with what {@code tag} says. */
  public PriceTag parse(TagText tag, Detection detection) {
    PriceParser prices = new PriceParser(currency(tag));
    Optional<Recognized<String>> name = NameAssembler.assemble(tag.of(FieldKind.NAME));
    Optional<Recognized<Integer>> discount = discount(tag);
    Optional<UnitPrice> unitPrice = unitPrice(tag, prices);
    Optional<Recognized<Double>> cost =
        unitPrice.flatMap(each -> name.flatMap(read -> each.cost(read.value())));
    PriceArithmetic.Resolution resolved =
        PriceArithmetic.resolve(
            candidates(tag.of(FieldKind.PRICE), prices),
            candidates(tag.of(FieldKind.REGULAR_PRICE), prices),
            new PriceArithmetic.Evidence(discount, cost));
    PriceTag.Builder values = PriceTag.builder(detection);
    resolved.price().filter(this::isSureEnough).ifPresent(values::price);
    resolved.regular().filter(this::isSureEnough).ifPresent(values::regularPrice);
    Conditions.of(tag).ifPresent(values::condition);
    unit(tag, unitPrice, resolved.price()).ifPresent(values::unit);
    discount.ifPresent(values::discount);
    name.ifPresent(values::name);
    barcode(tag).ifPresent(values::barcode);
    return values.build();
  }

  private boolean isSureEnough(Recognized<Price> price) {
    return price.confidence() >= minimumPriceConfidence;
  }

  private Currency currency(TagText tag) {
    PriceParser parser = new PriceParser(defaultCurrency);
    for (FieldKind kind : SIGNED) {
      for (FieldText field : tag.of(kind)) {
        Optional<Currency> named = parser.currency(field.text());
        if (named.isPresent()) {
          return named.get();
        }
      }
    }
    return defaultCurrency;
  }

  /** The readings of the largest field that is a price; equal prices count together. */
  private static PriceArithmetic.Candidates candidates(List<FieldText> fields, PriceParser parser) {
    List<FieldText> largestFirst = fields;
    if (fields.size() > 1) {
      largestFirst = new ArrayList<>(fields);
      largestFirst.sort(
          Comparator.comparingDouble(
              (FieldText f) -> -f.field().box().height() * f.field().score()));
    }
    for (FieldText field : largestFirst) {
      Map<Price, Double> confidences = new LinkedHashMap<>();
      for (TextReading reading : field.readings()) {
        parser
            .parse(reading.text())
            .ifPresent(price -> confidences.merge(price, reading.confidence(), Double::sum));
      }
      if (!confidences.isEmpty()) {
        List<Recognized<Price>> candidates = new ArrayList<>();
        confidences.forEach(
            (price, sure) -> candidates.add(new Recognized<>(price, Math.min(1, sure))));
        return new PriceArithmetic.Candidates(candidates);
      }
    }
    return new PriceArithmetic.Candidates(List.of());
  }

  private static Optional<Recognized<Integer>> discount(TagText tag) {
    Optional<Recognized<Integer>> best = Optional.empty();
    for (FieldKind kind : List.of(FieldKind.DISCOUNT, FieldKind.QUANTITY, FieldKind.CARD)) {
      for (FieldText field : tag.of(kind)) {
        OptionalInt percent = DiscountParser.parse(field.text());
        boolean better = best.isEmpty() || best.get().confidence() < field.confidence();
        if (percent.isPresent() && better) {
          best = Optional.of(new Recognized<>(percent.getAsInt(), field.confidence()));
        }
      }
    }
    return best;
  }

  private static Optional<UnitPrice> unitPrice(TagText tag, PriceParser parser) {
    for (FieldText field : tag.of(FieldKind.UNIT)) {
      Optional<UnitPrice> each =
          parser
              .parse(field.text())
              .flatMap(
                  price ->
                      UnitParser.parseFreeText(field.text())
                          .map(unit -> new UnitPrice(price, unit, field.confidence())));
      if (each.isPresent()) {
        return each;
      }
    }
    return Optional.empty();
  }

  /**
   * The unit by a field of its own, else by what the prices and conditions say; a price per unit
   * beside is neither.
   */
  private static Optional<Recognized<SaleUnit>> unit(
      TagText tag, Optional<UnitPrice> unitPrice, Optional<Recognized<Price>> price) {
    if (unitPrice.isPresent()) {
      boolean same = price.filter(main -> main.value().equals(unitPrice.get().price())).isPresent();
      return same
          ? Optional.of(new Recognized<>(unitPrice.get().unit(), unitPrice.get().confidence()))
          : Optional.empty();
    }
    for (FieldText field : tag.of(FieldKind.UNIT)) {
      Optional<SaleUnit> unit = UnitParser.parseUnit(field.text());
      if (unit.isPresent()) {
        return Optional.of(new Recognized<>(unit.get(), field.confidence()));
      }
    }
    for (FieldKind kind : List.of(FieldKind.PRICE, FieldKind.CARD, FieldKind.QUANTITY)) {
      for (FieldText field : tag.of(kind)) {
        Optional<SaleUnit> unit = UnitParser.parseFreeText(field.text());
        if (unit.isPresent()) {
          return Optional.of(new Recognized<>(unit.get(), field.confidence()));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Recognized<Barcode>> barcode(TagText tag) {
    Optional<Recognized<Barcode>> decoded = tag.barcodes().stream().min(BEST_CODE);
    if (decoded.isPresent()) {
      return decoded;
    }
    for (FieldText field : tag.of(FieldKind.BARCODE)) {
      Optional<Barcode> code = ArticleNumber.parse(field.text());
      if (code.isPresent()) {
        return Optional.of(new Recognized<>(code.get(), field.confidence()));
      }
    }
    return Optional.empty();
  }

  private record UnitPrice(Price price, SaleUnit unit, double confidence) {
    Optional<Recognized<Double>> cost(String name) {
      return PackSize.of(name)
          .flatMap(size -> size.cost((double) price.minor(), unit))
          .map(cost -> new Recognized<>(cost, confidence));
    }
  }
}
