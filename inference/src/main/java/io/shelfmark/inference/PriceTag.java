package io.shelfmark.inference;

import java.util.Objects;
import java.util.Optional;

/**
 * One price tag of a photo: where it is and what it says. What could not be read is empty, never
 * invented. Immutable.
 *
 * @param detection the outline and the detector's score
 * @param price the main price, the one a shopper pays (under {@code condition}, if there is one)
 * @param regularPrice the second, regular price: without card, without discount
 * @param condition what the main price depends on
 * @param unit what the main price buys
 * @param discount the discount that is printed, in percent
 * @param name the product's name, its lines joined by a space
 * @param barcode the code printed on the tag
 * @param confidence calibrated probability that the price is right, 0 to 1; the detector's score
 *     when no price was read
 */
public record PriceTag(
    Detection detection,
    Optional<Recognized<Price>> price,
    Optional<Recognized<Price>> regularPrice,
    Optional<Recognized<PriceCondition>> condition,
    Optional<Recognized<SaleUnit>> unit,
    Optional<Recognized<Integer>> discount,
    Optional<Recognized<String>> name,
    Optional<Recognized<Barcode>> barcode,
    double confidence) {

  /** Refuses null. */
  public PriceTag {
    Objects.requireNonNull(detection, "detection");
    Objects.requireNonNull(price, "price");
    Objects.requireNonNull(regularPrice, "regularPrice");
    Objects.requireNonNull(condition, "condition");
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(discount, "discount");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(barcode, "barcode");
  }

  /** A tag of which nothing has been read yet. */
  public static Builder builder(Detection detection) {
    return new Builder(detection);
  }

  /** Collects what was read; every field is empty until it is set. Not thread-safe. */
  public static final class Builder {
    private final Detection detection;
    private Optional<Recognized<Price>> price = Optional.empty();
    private Optional<Recognized<Price>> regularPrice = Optional.empty();
    private Optional<Recognized<PriceCondition>> condition = Optional.empty();
    private Optional<Recognized<SaleUnit>> unit = Optional.empty();
    private Optional<Recognized<Integer>> discount = Optional.empty();
    private Optional<Recognized<String>> name = Optional.empty();
    private Optional<Recognized<Barcode>> barcode = Optional.empty();

    private Builder(Detection detection) {
      this.detection = Objects.requireNonNull(detection, "detection");
    }

    /** Sets the main price. */
    public Builder price(Recognized<Price> value) {
      price = Optional.of(value);
      return this;
    }

    /** Sets the regular price. */
    public Builder regularPrice(Recognized<Price> value) {
      regularPrice = Optional.of(value);
      return this;
    }

    /** Sets the condition of the main price. */
    public Builder condition(Recognized<PriceCondition> value) {
      condition = Optional.of(value);
      return this;
    }

    /** Sets what the price buys. */
    public Builder unit(Recognized<SaleUnit> value) {
      unit = Optional.of(value);
      return this;
    }

    /** Sets the printed discount in percent. */
    public Builder discount(Recognized<Integer> value) {
      discount = Optional.of(value);
      return this;
    }

    /** Sets the product's name. */
    public Builder name(Recognized<String> value) {
      name = Optional.of(value);
      return this;
    }

    /** Sets the code printed on the tag. */
    public Builder barcode(Recognized<Barcode> value) {
      barcode = Optional.of(value);
      return this;
    }

    /**
     * The tag; its overall confidence is the price's, or the detector's score when there is no
     * price.
     */
    public PriceTag build() {
      double confidence = price.map(Recognized::confidence).orElse(detection.confidence());
      return new PriceTag(
          detection, price, regularPrice, condition, unit, discount, name, barcode, confidence);
    }
  }
}
