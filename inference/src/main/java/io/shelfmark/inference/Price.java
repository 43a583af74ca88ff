package io.shelfmark.inference;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;

/**
 * An amount of money: exact, in the currency's minor unit. Immutable.
 *
 * @param minor the amount in minor units (21999 for 219.99 RUB; 500 for 500 JPY), not negative
 * @param currency the ISO 4217 currency
 */
public record Price(long minor, Currency currency) implements Comparable<Price> {

  /** Refuses a negative amount. */
  public Price {
    Objects.requireNonNull(currency, "currency");
    if (minor < 0) {
      throw new IllegalArgumentException(
          "Cannot make price: found " + minor + " minor units, expected 0 or more");
    }
  }

  /** The amount in major units with the currency's number of fraction digits, such as 219.99. */
  public BigDecimal amount() {
    return BigDecimal.valueOf(minor, Math.max(0, currency.getDefaultFractionDigits()));
  }

  /**
   * By amount.
   *
   * @throws IllegalArgumentException when the currencies differ
   */
  @Override
  public int compareTo(Price other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "Cannot compare price %s: found %s, expected the same currency".formatted(this, other));
    }
    return Long.compare(minor, other.minor);
  }

  /** Amount and currency code: {@code 219.99 RUB}. */
  @Override
  public String toString() {
    return amount().toPlainString() + " " + currency.getCurrencyCode();
  }
}
