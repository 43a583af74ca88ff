package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.detection.FieldKind;
import io.shelfmark.internal.Pool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
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

  private static final Comparator<FieldText> LARGEST =
      Comparator.comparingDouble(field -> -field.field().box().height() * field.field().score());

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

  private static final PriceArithmetic.Candidates NO_CANDIDATES =
      new PriceArithmetic.Candidates(List.of());

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
    Optional<Recognized<String>> name = parsers.names.assemble(tag.of(FieldKind.NAME));
    Optional<Recognized<Integer>> discount = discount(tag);
    UnitPrice unitPrice = unitPrice(tag, prices, parsers.units);
    PriceArithmetic.Resolution resolved =
        parsers.arithmetic.resolve(
            candidates(tag, FieldKind.PRICE, prices),
            candidates(tag, FieldKind.REGULAR_PRICE, prices),
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
        Currency named = parser.currency(tag.fields().get(i).text());
        if (named != null) {
          return named;
        }
      }
    }
    return defaultCurrency;
  }

  /** The readings of the largest field that is a price; equal prices count together. */
  private static PriceArithmetic.Candidates candidates(
      TagText tag, FieldKind kind, PriceParser parser) {
    int first = tag.next(kind, 0);
    if (first < 0) {
      return NO_CANDIDATES;
    }
    if (tag.next(kind, first + 1) < 0) {
      return new PriceArithmetic.Candidates(candidates(tag.fields().get(first), parser));
    }
    List<FieldText> largestFirst = tag.of(kind);
    largestFirst.sort(LARGEST);
    for (FieldText field : largestFirst) {
      List<Recognized<Price>> candidates = candidates(field, parser);
      if (!candidates.isEmpty()) {
        return new PriceArithmetic.Candidates(candidates);
      }
    }
    return NO_CANDIDATES;
  }

  private static List<Recognized<Price>> candidates(FieldText field, PriceParser parser) {
    List<Recognized<Price>> candidates = new ArrayList<>(field.readings().size());
    for (int i = 0; i < field.readings().size(); i++) {
      TextReading reading = field.readings().get(i);
      Optional<Price> price = parser.parse(reading.text());
      if (price.isPresent()) {
        add(candidates, price.get(), reading.confidence());
      }
    }
    return candidates;
  }

  private static void add(List<Recognized<Price>> candidates, Price price, double confidence) {
    for (int i = 0; i < candidates.size(); i++) {
      Recognized<Price> other = candidates.get(i);
      if (other.value().equals(price)) {
        double sum = Math.min(1, other.confidence() + confidence);
        candidates.set(i, new Recognized<>(price, sum));
        return;
      }
    }
    candidates.add(new Recognized<>(price, confidence));
  }

  private static Optional<Recognized<Integer>> discount(TagText tag) {
    int best = 0;
    double confidence = -1;
    for (FieldKind kind : DISCOUNTED) {
      for (int i = tag.next(kind, 0); i >= 0; i = tag.next(kind, i + 1)) {
        FieldText field = tag.fields().get(i);
        OptionalInt percent = DiscountParser.parse(field.text());
        if (percent.isPresent() && field.confidence() > confidence) {
          best = percent.getAsInt();
          confidence = field.confidence();
        }
      }
    }
    return best == 0 ? Optional.empty() : Optional.of(new Recognized<>(best, confidence));
  }

  private static @Nullable UnitPrice unitPrice(TagText tag, PriceParser parser, UnitParser units) {
    for (int i = tag.next(FieldKind.UNIT, 0); i >= 0; i = tag.next(FieldKind.UNIT, i + 1)) {
      FieldText field = tag.fields().get(i);
      Optional<Price> price = parser.parse(field.text());
      Optional<SaleUnit> unit =
          price.isEmpty() ? Optional.empty() : units.parseFreeText(field.text());
      if (unit.isPresent()) {
        return new UnitPrice(price.get(), unit.get(), field.confidence());
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
        FieldText field = tag.fields().get(i);
        Optional<SaleUnit> unit =
            kind == FieldKind.UNIT
                ? units.parseUnit(field.text())
                : units.parseFreeText(field.text());
        if (unit.isPresent()) {
          return Optional.of(new Recognized<>(unit.get(), field.confidence()));
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
      FieldText field = tag.fields().get(i);
      Optional<Barcode> code = ArticleNumber.parse(field.text());
      if (code.isPresent()) {
        return Optional.of(new Recognized<>(code.get(), field.confidence()));
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
