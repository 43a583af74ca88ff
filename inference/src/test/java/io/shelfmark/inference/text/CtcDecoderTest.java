package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class CtcDecoderTest {

  private static final float[][] REPEATED = {
    {0.1f, 0.9f, 0, 0},
    {0.1f, 0.9f, 0, 0},
    {0.9f, 0.1f, 0, 0},
    {0.2f, 0.8f, 0, 0},
    {0.1f, 0, 0.2f, 0.7f}
  };

  private final CtcDecoder decoder = new CtcDecoder(Alphabet.of("12."), Prior.NONE);

  @Test
  void bestPath_repeatedColumns_collapseUnlessBlankBetween() {
    Readings readings = bestPath(REPEATED, REPEATED.length);
    assertThat(readings.texts()).containsExactly("11.");
    assertThat(readings.confidences().get(0)).isCloseTo(0.9 * 0.8 * 0.7, within(1e-6));
  }

  @Test
  void bestPath_blankColumns_readNothing() {
    float[][] blank = {{1, 0, 0, 0}, {0.8f, 0.2f, 0, 0}};
    assertThat(bestPath(blank, 2).texts()).isEmpty();
    assertThat(bestPath(blank, 0).texts()).isEmpty();
  }

  @Test
  void alternatives_twoColumns_addUpEveryWayToWriteAText() {
    float[][] two = {{0.4f, 0.6f, 0, 0}, {0.4f, 0.6f, 0, 0}};
    Readings readings = alternatives(two);
    // "1" is written as 1-blank, blank-1 or 1-1; the empty text is not a reading.
    assertThat(readings.texts()).containsExactly("1");
    assertThat(readings.confidences().get(0)).isCloseTo(0.24 + 0.24 + 0.36, within(1e-6));
  }

  @Test
  void alternatives_doubtfulCharacter_offersBothWithTheLikelierFirst() {
    Readings readings = alternatives(REPEATED);
    assertThat(readings.texts()).startsWith("11.").contains("112");
    assertThat(readings.confidences().stream().mapToDouble(Double::doubleValue).sum())
        .isLessThanOrEqualTo(1 + 1e-6);
  }

  private Readings bestPath(float[][] values, int count) {
    return Readings.of(readings -> decoder.bestPath(columns(values), 0, count, readings, 0));
  }

  private Readings alternatives(float[][] values) {
    return Readings.of(
        readings -> decoder.alternatives(columns(values), 0, values.length, readings, 0));
  }

  private static FloatBuffer columns(float[][] values) {
    FloatBuffer all = FloatBuffer.allocate(values.length * values[0].length);
    for (float[] column : values) {
      all.put(column);
    }
    return all.rewind();
  }
}
