package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Barcode;
import io.shelfmark.inference.Detection;
import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceCondition;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.SaleUnit;
import java.util.Objects;
import java.util.Optional;

/** What a tag says; the components are {@link PriceTag}'s. Immutable. */
public record TagValues(
    Optional<Recognized<Price>> price,
    Optional<Recognized<Price>> regularPrice,
    Optional<Recognized<PriceCondition>> condition,
    Optional<Recognized<SaleUnit>> unit,
    Optional<Recognized<Integer>> discount,
    Optional<Recognized<String>> name,
    Optional<Recognized<Barcode>> barcode) {

  /** Refuses null. */
  public TagValues {
    Objects.requireNonNull(price, "price");
    Objects.requireNonNull(regularPrice, "regularPrice");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(discount, "discount");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(barcode, "barcode");
  }

  /** The tag at {@code detection} that says this. */
  public PriceTag at(Detection detection) {
    PriceTag.Builder tag = PriceTag.builder(detection);
    price.ifPresent(tag::price);
    regularPrice.ifPresent(tag::regularPrice);
    condition.ifPresent(tag::condition);
    unit.ifPresent(tag::unit);
    discount.ifPresent(tag::discount);
    name.ifPresent(tag::name);
    barcode.ifPresent(tag::barcode);
    return tag.build();
  }
}
