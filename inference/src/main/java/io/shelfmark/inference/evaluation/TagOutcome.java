package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.Recognized;
import java.util.Optional;

/**
 * One labelled tag and what was read for it. Immutable.
 *
 * @param photo the photo
 * @param label the truth
 * @param tag the tag that matches the label, or empty when none does
 */
public record TagOutcome(LabeledPhoto photo, LabeledTag label, Optional<PriceTag> tag) {

  /** The price that was read. */
  public Optional<Price> price() {
    return tag.flatMap(PriceTag::price).map(Recognized::value);
  }

  /** The regular price that was read. */
  public Optional<Price> regularPrice() {
    return tag.flatMap(PriceTag::regularPrice).map(Recognized::value);
  }

  /** The name that was read. */
  public Optional<String> name() {
    return tag.flatMap(PriceTag::name).map(Recognized::value);
  }

  /** Whether the price is the labelled one to the minor unit; false when either is not known. */
  public boolean priceExact() {
    Optional<Price> truth = label.price().flatMap(LabeledPrice::full);
    return truth.isPresent() && truth.equals(price());
  }

  /** Whether a price was read that the label contradicts. */
  public boolean falseReading() {
    return label.price().isPresent() && price().map(label.price().get()::contradicts).orElse(false);
  }
}
