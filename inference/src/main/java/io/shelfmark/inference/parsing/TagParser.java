package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.internal.Pool;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
  private static final FieldKind[] SIGNED = {
    FieldKind.PRICE, FieldKind.REGULAR_PRICE, FieldKind.UNIT
  };

  /** Fields that may state a discount. */
  private static final FieldKind[] DISCOUNTED = {
    FieldKind.DISCOUNT, FieldKind.QUANTITY, FieldKind.CARD
  };

  /** Fields that may say what the price buys, the best first. */
  private static final FieldKind[] OF_UNIT = {
    FieldKind.UNIT, FieldKind.PRICE, FieldKind.CARD, FieldKind.QUANTITY
  };

  private final Currency defaultCurrency;
  private final double minimumPriceConfidence;

  private final Pool<Parsers> idle;

  private TagParser(Currency defaultCurrency, double minimumPriceConfidence) {
    this.defaultCurrency = Objects.requireNonNull(defaultCurrency, "defaultCurrency");
    this.minimumPriceConfidence = minimumPriceConfidence;
    this.idle = new Pool<>(() -> new Parsers(defaultCurrency));
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
    return idle.with(parsers -> parse(tag, detection, parsers));
  }

  private PriceTag parse(TagText tag, Detection detection, Parsers parsers) {
    PriceParser prices = parsers.prices.in(currency(tag, parsers.prices));
    Optional<Recognized<String>> name = parsers.names.assemble(tag);
    Optional<Recognized<Integer>> discount = discount(tag);
    UnitPrice unitPrice = unitPrice(tag, prices, parsers.units);
    find(tag, FieldKind.PRICE, prices, parsers.candidates);
    find(tag, FieldKind.REGULAR_PRICE, prices, parsers.others);
    PriceArithmetic.Resolution resolved =
        parsers.arithmetic.resolve(
            parsers.candidates,
            parsers.others,
            new PriceArithmetic.Evidence(discount, cost(unitPrice, name)));
    Optional<Recognized<Price>> price = sureEnough(resolved.price());
    return new PriceTag(
        detection,
        price,
        sureEnough(resolved.regular()),
        parsers.conditions.of(tag),
        unit(tag, unitPrice, resolved.price(), parsers.units),
        discount,
        name,
        barcode(tag),
        price.isPresent() ? price.get().confidence() : detection.confidence());
  }

  private Optional<Recognized<Price>> sureEnough(Optional<Recognized<Price>> price) {
    return price.isPresent() && price.get().confidence() < minimumPriceConfidence
        ? Optional.empty()
        : price;
  }

  private Currency currency(TagText tag, PriceParser parser) {
    for (FieldKind kind : SIGNED) {
      for (int i = tag.next(kind, 0); i >= 0; i = tag.next(kind, i + 1)) {
        Currency named = parser.currency(tag.text(i));
        if (named != null) {
          return named;
        }
      }
    }
    return defaultCurrency;
  }

  /** Finds the readings of the largest field that is a price. */
  private static void find(
      TagText tag, FieldKind kind, PriceParser parser, PriceCandidates candidates) {
    int largest = -1;
    for (int i = tag.next(kind, 0); i >= 0; i = tag.next(kind, i + 1)) {
      if (largest < 0 || size(tag, i) > size(tag, largest)) {
        find(tag, i, parser, candidates);
        largest = candidates.size() > 0 ? i : largest;
      }
    }
    if (largest < 0) {
      candidates.clear();
    } else if (tag.next(kind, largest + 1) >= 0) {
      // another one was looked at behind it
      find(tag, largest, parser, candidates);
    }
  }

  private static double size(TagText tag, int field) {
    return tag.height(field) * tag.score(field);
  }

  private static void find(TagText tag, int field, PriceParser parser, PriceCandidates candidates) {
    candidates.clear();
    for (int way = 0; way < tag.ways(field); way++) {
      Optional<Price> price = parser.parse(tag.text(field, way));
      if (price.isPresent()) {
        candidates.add(price.get(), tag.confidence(field, way));
      }
    }
  }

  private static Optional<Recognized<Integer>> discount(TagText tag) {
    int best = 0;
    double confidence = -1;
    for (FieldKind kind : DISCOUNTED) {
      for (int i = tag.next(kind, 0); i >= 0; i = tag.next(kind, i + 1)) {
        OptionalInt percent = DiscountParser.parse(tag.text(i));
        if (percent.isPresent() && tag.confidence(i) > confidence) {
          best = percent.getAsInt();
          confidence = tag.confidence(i);
        }
      }
    }
    return best == 0 ? Optional.empty() : Optional.of(new Recognized<>(best, confidence));
  }

  private static @Nullable UnitPrice unitPrice(TagText tag, PriceParser parser, UnitParser units) {
    for (int i = tag.next(FieldKind.UNIT, 0); i >= 0; i = tag.next(FieldKind.UNIT, i + 1)) {
      Optional<Price> price = parser.parse(tag.text(i));
      Optional<SaleUnit> unit =
          price.isEmpty() ? Optional.empty() : units.parseFreeText(tag.text(i));
      if (unit.isPresent()) {
        return new UnitPrice(price.get(), unit.get(), tag.confidence(i));
      }
    }
    return null;
  }

  private static Optional<Recognized<Double>> cost(
      @Nullable UnitPrice each, Optional<Recognized<String>> name) {
    return each == null || name.isEmpty() ? Optional.empty() : each.cost(name.get().value());
  }

  /**
   * The unit by a field of its own, else by what the prices and conditions say; a price per unit
   * beside is neither.
   */
  private static Optional<Recognized<SaleUnit>> unit(
      TagText tag, @Nullable UnitPrice each, Optional<Recognized<Price>> price, UnitParser units) {
    if (each != null) {
      boolean same = price.isPresent() && price.get().value().equals(each.price());
      return same
          ? Optional.of(new Recognized<>(each.unit(), each.confidence()))
          : Optional.empty();
    }
    for (FieldKind kind : OF_UNIT) {
      for (int i = tag.next(kind, 0); i >= 0; i = tag.next(kind, i + 1)) {
        Optional<SaleUnit> unit =
            kind == FieldKind.UNIT
                ? units.parseUnit(tag.text(i))
                : units.parseFreeText(tag.text(i));
        if (unit.isPresent()) {
          return Optional.of(new Recognized<>(unit.get(), tag.confidence(i)));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Recognized<Barcode>> barcode(TagText tag) {
    if (!tag.barcodes().isEmpty()) {
      return Optional.of(Collections.min(tag.barcodes(), BEST_CODE));
    }
    for (int i = tag.next(FieldKind.BARCODE, 0); i >= 0; i = tag.next(FieldKind.BARCODE, i + 1)) {
      Optional<Barcode> code = ArticleNumber.parse(tag.text(i));
      if (code.isPresent()) {
        return Optional.of(new Recognized<>(code.get(), tag.confidence(i)));
      }
    }
    return Optional.empty();
  }

  /** The parsers of one tag at a time and their scratch memory. */
  private static final class Parsers {
    final PriceParser prices;
    final NameAssembler names = new NameAssembler();
    final UnitParser units = new UnitParser();
    final Conditions conditions = new Conditions();
    final PriceCandidates candidates = new PriceCandidates();
    final PriceCandidates others = new PriceCandidates();
    final PriceArithmetic arithmetic = new PriceArithmetic();

    Parsers(Currency defaultCurrency) {
      prices = new PriceParser(defaultCurrency);
    }
  }

  private record UnitPrice(Price price, SaleUnit unit, double confidence) {
    Optional<Recognized<Double>> cost(String name) {
      Optional<PackSize> size = PackSize.of(name);
      Optional<Double> cost =
          size.isEmpty() ? Optional.empty() : size.get().cost((double) price.minor(), unit);
      return cost.isEmpty()
          ? Optional.empty()
          : Optional.of(new Recognized<>(cost.get(), confidence));
    }
  }
}
