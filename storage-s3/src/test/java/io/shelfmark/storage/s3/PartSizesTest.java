package io.shelfmark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PartSizesTest {

  private static final int PART = 8 << 20;

  @Property
  void knownLength_fitsIntoTheParts(@ForAll @LongRange(min = 1, max = 5L << 40) long size) {
    int part = PartSizes.of(OptionalLong.of(size), PART).size(1);
    assertThat(part).isBetween(PART, 1 << 30);
    assertThat((size + part - 1) / part).isLessThanOrEqualTo(PartSizes.MOST_PARTS);
  }

  @Test
  void knownLength_upTo80Gigabytes_hasPartsAsConfigured() {
    assertThat(PartSizes.of(OptionalLong.of(80_000_000_000L), PART).size(9_999)).isEqualTo(PART);
  }

  @Test
  void unknownLength_growsToTerabytes() {
    PartSizes sizes = PartSizes.of(OptionalLong.empty(), PART);
    assertThat(sizes.size(1)).isEqualTo(PART);
    assertThat(sizes.size(1_250)).isEqualTo(PART);
    assertThat(sizes.size(1_251)).isEqualTo(2 * PART);
    long all = 0;
    for (int number = 1; number <= PartSizes.MOST_PARTS; number++) {
      all += sizes.size(number);
    }
    assertThat(all).isGreaterThan(2_400_000_000_000L);
  }
}
