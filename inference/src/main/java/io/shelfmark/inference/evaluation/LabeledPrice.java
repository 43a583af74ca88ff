package io.shelfmark.inference.evaluation;

import io.shelfmark.inference.Price;
import java.util.Currency;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A price as a person read it: the minor part may be missing where it is not legible. Immutable.
 *
 * @param major the part before the decimal mark ("219")
 * @param minor the part after it with the currency's number of digits ("99"), or empty when not
 *     legible; always empty for a currency without minor units
 * @param currency the ISO 4217 currency
 * @param legibility how well it could be read
 */
public record LabeledPrice(
    long major, OptionalLong minor, Currency currency, Legibility legibility) {

  /** Refuses null. */
  public LabeledPrice {
    Objects.requireNonNull(minor, "minor");
    Objects.requireNonNull(currency, "currency");
    Objects.requireNonNull(legibility, "legibility");
  }

  /** The whole price, or empty when its minor part is not legible. */
  public Optional<Price> full() {
    if (scale() == 1) {
      return Optional.of(new Price(major, currency));
    }
    return minor.isPresent()
        ? Optional.of(new Price(major * scale() + minor.getAsLong(), currency))
        : Optional.empty();
  }

  /** Whether {@code read} has the same major part. */
  boolean sameMajor(Price read) {
    return read.minor() / scale(read.currency()) == major;
  }

  /** Whether {@code read} has the same minor part; false when this one's is unknown. */
  boolean sameMinor(Price read) {
    return minor.isPresent() && read.minor() % scale(read.currency()) == minor.getAsLong();
  }

  /** Whether {@code read} contradicts what is known of this price. */
  boolean contradicts(Price read) {
    return full().map(price -> !price.equals(read)).orElseGet(() -> !sameMajor(read));
  }

  long scale() {
    return scale(currency);
  }

  private static long scale(Currency currency) {
    long scale = 1;
    for (int i = 0; i < currency.getDefaultFractionDigits(); i++) {
      scale *= 10;
    }
    return scale;
  }

  /** The price as it was labelled, with "??" for a minor part that is not legible. */
  @Override
  public String toString() {
    return full().map(Price::toString).orElseGet(() -> major + ".?? " + currency.getCurrencyCode());
  }
}
