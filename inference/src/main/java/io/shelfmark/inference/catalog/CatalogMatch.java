package io.shelfmark.inference.catalog;

import java.util.List;
import java.util.Objects;

/**
 * The product that a tag is about. Immutable.
 *
 * @param sku the product
 * @param score how well it fits, 0 to 1: 1 by bar code, else how alike the names are, less a little
 *     where the units differ
 * @param basis what it was found by
 * @param alternatives the next best products, the best first, 5 at most; empty when found by bar
 *     code
 */
public record CatalogMatch(Sku sku, double score, Basis basis, List<Candidate> alternatives) {

  /** What a product was found by. */
  public enum Basis {
    /** The tag's bar code is the product's. */
    BARCODE,
    /** The names are alike. */
    NAME
  }

  /**
   * A product and how well it fits.
   *
   * @param sku the product
   * @param score how alike the names are, 0 to 1, less a little where the units differ
   */
  public record Candidate(Sku sku, double score) {

    /** Refuses null. */
    public Candidate {
      Objects.requireNonNull(sku, "sku");
    }
  }

  /** Copies the alternatives. */
  public CatalogMatch {
    Objects.requireNonNull(sku, "sku");
    Objects.requireNonNull(basis, "basis");
    alternatives = List.copyOf(alternatives);
  }
}
