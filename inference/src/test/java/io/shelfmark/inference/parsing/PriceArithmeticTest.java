package io.shelfmark.inference.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import io.shelfmark.inference.Price;
import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.parsing.PriceArithmetic.Evidence;
import io.shelfmark.inference.parsing.PriceArithmetic.Resolution;
import java.util.Currency;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PriceArithmeticTest {

  private final PriceArithmetic arithmetic = new PriceArithmetic();

  private static final Currency RUB = Currency.getInstance("RUB");
  private static final PriceCandidates NOTHING = new PriceCandidates();

  @Test
  void resolve_nothingRead_isEmpty() {
    assertThat(arithmetic.resolve(NOTHING, NOTHING, discount(20, 0.9)))
        .isEqualTo(new Resolution(Optional.empty(), Optional.empty()));
  }

  @Test
  void resolve_onePrice_keepsItsConfidence() {
    Resolution resolution = arithmetic.resolve(read(21999, 0.8), NOTHING, Evidence.NONE);

    assertThat(resolution.price().orElseThrow().value().minor()).isEqualTo(21999);
    assertThat(resolution.price().orElseThrow().confidence()).isBetween(0.799, 0.801);
    assertThat(resolution.regular()).isEmpty();
  }

  @Test
  void resolve_discountFits_raisesConfidence() {
    Resolution resolution =
        arithmetic.resolve(read(7999, 0.7), read(11999, 0.7), discount(33, 0.95));

    assertThat(resolution.price().orElseThrow().confidence()).isGreaterThan(0.8);
    assertThat(resolution.regular().orElseThrow().confidence()).isGreaterThan(0.8);
  }

  @Test
  void resolve_discountContradicts_lowersConfidence() {
    Resolution resolution =
        arithmetic.resolve(read(7999, 0.9), read(11999, 0.9), discount(15, 0.95));

    assertThat(resolution.price().orElseThrow().confidence()).isLessThan(0.7);
  }

  @Test
  void resolve_discountFitsTheSecondReadingOnly_choosesIt() {
    PriceCandidates prices = read(9999, 0.55);
    prices.add(new Price(7999, RUB), 0.35);

    Resolution resolution = arithmetic.resolve(prices, read(11999, 0.95), discount(33, 0.95));

    assertThat(resolution.price().orElseThrow().value().minor()).isEqualTo(7999);
    assertThat(resolution.price().orElseThrow().confidence()).isGreaterThan(0.8);
  }

  @Test
  void resolve_regularNotAbovePrice_isDropped() {
    Resolution resolution = arithmetic.resolve(read(12999, 0.95), read(9999, 0.6), Evidence.NONE);

    assertThat(resolution.price().orElseThrow().value().minor()).isEqualTo(12999);
    assertThat(resolution.regular()).isEmpty();
    assertThat(arithmetic.resolve(read(9999, 0.9), read(9999, 0.9), Evidence.NONE).regular())
        .isEmpty();
  }

  @Test
  void resolve_discountProvesThatFieldsWereSwapped_swapsThem() {
    Resolution resolution =
        arithmetic.resolve(read(11999, 0.97), read(7999, 0.97), discount(33, 0.97));

    assertThat(resolution.price().orElseThrow().value().minor()).isEqualTo(7999);
    assertThat(resolution.regular().orElseThrow().value().minor()).isEqualTo(11999);
  }

  @Test
  void resolve_unitPriceFitsTheSecondReadingOnly_choosesIt() {
    PriceCandidates prices = read(19999, 0.5);
    prices.add(new Price(15999, RUB), 0.4);
    Evidence evidence =
        new Evidence(Optional.empty(), Optional.of(new Recognized<>(79995 * 0.2, 0.9)));

    assertThat(arithmetic.resolve(prices, NOTHING, evidence).price().orElseThrow().value().minor())
        .isEqualTo(15999);
  }

  @Property
  void resolve_anyReadings_areOrderedAndConfidencesAreProbabilities(
      @ForAll @IntRange(min = 1, max = 100000) int price,
      @ForAll @IntRange(min = 1, max = 100000) int regular,
      @ForAll @DoubleRange(min = 0, max = 1) double confidence,
      @ForAll @IntRange(min = 1, max = 99) int discount) {
    Resolution resolution =
        arithmetic.resolve(
            read(price, confidence), read(regular, confidence), discount(discount, confidence));

    resolution
        .price()
        .ifPresent(
            main ->
                resolution
                    .regular()
                    .ifPresent(other -> assertThat(other.value()).isGreaterThan(main.value())));
  }

  private static PriceCandidates read(long minor, double confidence) {
    PriceCandidates candidates = new PriceCandidates();
    candidates.add(new Price(minor, RUB), confidence);
    return candidates;
  }

  private static Evidence discount(int percent, double confidence) {
    return new Evidence(Optional.of(new Recognized<>(percent, confidence)), Optional.empty());
  }
}
