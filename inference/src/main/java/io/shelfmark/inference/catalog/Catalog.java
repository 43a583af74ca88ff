package io.shelfmark.inference.catalog;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import io.shelfmark.inference.catalog.CatalogMatch.Basis;
import io.shelfmark.inference.catalog.CatalogMatch.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A retailer's products, searchable by what a tag says: by bar code first, else by name, and of
 * products that share a bar code by name among these. Names are compared with case, spaces,
 * punctuation and look-alike letters folded; numbers (weight, volume, fat) tell products apart that
 * share all their words; a price for another unit speaks against a product. When nothing is alike
 * enough, or two products are equally so, there is no match rather than a guess.
 *
 * <p>Get one with {@link #of}; a changed list needs a new catalog. 100,000 products take about 60
 * MB and a second to index. Immutable, thread-safe.
 *
 * <pre>{@code
 * Catalog catalog = Catalog.of(skus);
 * catalog.match(tag).map(CatalogMatch::sku).ifPresent(sku -> ...);
 * }</pre>
 */
public final class Catalog {

  private static final int CANDIDATES = 48;
  private static final int ALTERNATIVES = 5;

  /**
   * Below this, names taken out of a catalog begin to match their neighbors; see
   * docs/decisions/0002-catalog-matching.md.
   */
  private static final double ALIKE_ENOUGH = 0.78;

  /** Less than one letter of a long name: the two products cannot be told apart. */
  private static final double CLEARLY_BETTER = 0.012;

  private static final double OTHER_UNIT = 0.05;

  /** A price per 100 g of what the catalog sells by the kilogram: most likely the same product. */
  private static final double OTHER_WEIGHT = 0.02;

  private static final Set<SaleUnit> WEIGHTS =
      EnumSet.of(SaleUnit.KILOGRAM, SaleUnit.HUNDRED_GRAMS);

  private final List<Sku> skus;
  private final List<FoldedName> names;
  private final TrigramIndex index;
  private final Map<String, List<Integer>> byBarcode = new HashMap<>();

  private Catalog(List<Sku> skus) {
    this.skus = skus;
    this.names = skus.stream().map(sku -> FoldedName.of(sku.name())).toList();
    this.index = new TrigramIndex(names.stream().map(FoldedName::spaced).toList());
    for (int at = 0; at < skus.size(); at++) {
      int position = at;
      skus.get(at).barcodes().stream()
          .map(Catalog::key)
          .filter(key -> !key.isEmpty())
          .distinct()
          .forEach(
              key -> byBarcode.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(position));
    }
  }

  /**
   * A catalog of these products.
   *
   * @throws IllegalArgumentException when two products have the same id
   */
  public static Catalog of(Iterable<Sku> skus) {
    List<Sku> copy = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Sku sku : skus) {
      if (!ids.add(sku.id())) {
        throw new IllegalArgumentException(
            "Cannot make catalog: found SKU %s twice, expected unique ids".formatted(sku.id()));
      }
      copy.add(sku);
    }
    return new Catalog(List.copyOf(copy));
  }

  /** How many products there are. */
  public int size() {
    return skus.size();
  }

  /**
   * The product that the tag is about: by its bar code, else by its name. Empty when the tag has
   * neither or in doubt.
   */
  public Optional<CatalogMatch> match(PriceTag tag) {
    Optional<String> name = tag.name().map(Recognized::value);
    Optional<SaleUnit> unit = tag.unit().map(Recognized::value);
    List<Integer> coded = tag.barcode().map(code -> find(code.value().text())).orElse(List.of());
    return switch (coded.size()) {
      case 0 -> name.flatMap(read -> best(candidates(read, unit)));
      case 1 -> Optional.of(byBarcode(coded.get(0)));
      default -> name.flatMap(read -> best(rank(FoldedName.of(read), unit, coded)));
    };
  }

  /**
   * The product with this bar code. Leading zeros do not count: UPC-A is EAN-13 with one. Empty
   * when two share it.
   */
  public Optional<CatalogMatch> matchBarcode(String digits) {
    List<Integer> coded = find(Objects.requireNonNull(digits, "digits"));
    return coded.size() == 1 ? Optional.of(byBarcode(coded.get(0))) : Optional.empty();
  }

  private List<Integer> find(String barcode) {
    return byBarcode.getOrDefault(key(barcode), List.of());
  }

  private CatalogMatch byBarcode(int at) {
    return new CatalogMatch(skus.get(at), 1, Basis.BARCODE, List.of());
  }

  /**
   * The product with this name, as it was read off a tag; empty when none is alike enough or two
   * are equally so.
   */
  public Optional<CatalogMatch> matchName(String name) {
    return best(candidates(name, Optional.empty()));
  }

  /**
   * The products whose names are most like {@code name}, the best first, 6 at most, however unlike
   * they are.
   */
  public List<Candidate> candidates(String name) {
    return candidates(name, Optional.empty());
  }

  private List<Candidate> candidates(String name, Optional<SaleUnit> unit) {
    FoldedName read = FoldedName.of(Objects.requireNonNull(name, "name"));
    int[] found = index.search(read.spaced(), CANDIDATES);
    return rank(read, unit, Arrays.stream(found).boxed().toList());
  }

  private List<Candidate> rank(FoldedName read, Optional<SaleUnit> unit, List<Integer> positions) {
    NameSimilarity similarity = new NameSimilarity();
    List<Candidate> candidates = new ArrayList<>();
    for (int at : positions) {
      Sku sku = skus.get(at);
      double score = similarity.between(read, names.get(at)) - disagreement(unit, sku.unit());
      candidates.add(new Candidate(sku, Math.max(0, score)));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
    return List.copyOf(candidates.subList(0, Math.min(1 + ALTERNATIVES, candidates.size())));
  }

  private static double disagreement(Optional<SaleUnit> read, Optional<SaleUnit> known) {
    if (read.isEmpty() || known.isEmpty() || read.equals(known)) {
      return 0;
    }
    boolean byWeight = WEIGHTS.contains(read.get()) && WEIGHTS.contains(known.get());
    return byWeight ? OTHER_WEIGHT : OTHER_UNIT;
  }

  private static Optional<CatalogMatch> best(List<Candidate> candidates) {
    if (candidates.isEmpty() || candidates.get(0).score() < ALIKE_ENOUGH) {
      return Optional.empty();
    }
    Candidate best = candidates.get(0);
    boolean tied =
        candidates.size() > 1 && best.score() - candidates.get(1).score() < CLEARLY_BETTER;
    return tied
        ? Optional.empty()
        : Optional.of(
            new CatalogMatch(
                best.sku(), best.score(), Basis.NAME, candidates.subList(1, candidates.size())));
  }

  /** Digits without leading zeros, as they are grouped or not; any other code as it is. */
  private static String key(String barcode) {
    String code = barcode.strip();
    String digits = code.replaceAll("[\\s-]", "");
    return digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? digits.replaceFirst("^0+", "")
        : code;
  }
}
