package io.shelfmark.inference.catalog;

import io.shelfmark.inference.SaleUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One product of a retailer. Immutable.
 *
 * @param id the retailer's number of it, unique in a catalog
 * @param name its name, best as it is printed on tags
 * @param barcodes the digits under its bars; several when it comes from several makers
 * @param unit what its price buys, if that is known
 */
public record Sku(String id, String name, List<String> barcodes, Optional<SaleUnit> unit) {

  /** Refuses a blank id and copies the list. */
  public Sku {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    barcodes = List.copyOf(barcodes);
    Objects.requireNonNull(unit, "unit");
    if (id.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot make SKU '%s': found a blank id, expected the retailer's number".formatted(name));
    }
  }

  /** A product known by its name alone. */
  public static Sku of(String id, String name) {
    return new Sku(id, name, List.of(), Optional.empty());
  }

  /** The same product with the digits of one more bar code. */
  public Sku withBarcode(String digits) {
    return new Sku(id, name, Stream.concat(barcodes.stream(), Stream.of(digits)).toList(), unit);
  }

  /** The same product with what its price buys. */
  public Sku withUnit(SaleUnit saleUnit) {
    return new Sku(id, name, barcodes, Optional.of(saleUnit));
  }
}
