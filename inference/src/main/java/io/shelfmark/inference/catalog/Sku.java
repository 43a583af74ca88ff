package io.shelfmark.inference.catalog;

import io.shelfmark.inference.SaleUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * One product of a retailer. Immutable.
 *
 * @param id the retailer's number of it, unique in a catalog
 * @param name its name, best as it is printed on tags
 * @param barcode the digits under its bars, if it has any
 * @param unit what its price buys, if that is known
 */
public record Sku(String id, String name, Optional<String> barcode, Optional<SaleUnit> unit) {

  /** Refuses a blank id. */
  public Sku {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(barcode, "barcode");
    Objects.requireNonNull(unit, "unit");
    if (id.isBlank()) {
      throw new IllegalArgumentException(
          "Cannot make SKU '%s': found a blank id, expected the retailer's number".formatted(name));
    }
  }

  /** A product known by its name alone. */
  public static Sku of(String id, String name) {
    return new Sku(id, name, Optional.empty(), Optional.empty());
  }

  /** The same product with the digits of its bar code. */
  public Sku withBarcode(String digits) {
    return new Sku(id, name, Optional.of(digits), unit);
  }

  /** The same product with what its price buys. */
  public Sku withUnit(SaleUnit saleUnit) {
    return new Sku(id, name, barcode, Optional.of(saleUnit));
  }
}
