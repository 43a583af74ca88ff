package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shelfmark.inference.parsing.TextReading;
import java.nio.FloatBuffer;
import java.util.List;
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
    List<TextReading> readings = decoder.bestPath(columns(REPEATED), 0, REPEATED.length);
    assertThat(readings).singleElement().extracting(TextReading::text).isEqualTo("11.");
    assertThat(readings.get(0).confidence()).isCloseTo(0.9 * 0.8 * 0.7, within(1e-6));
  }

  @Test
  void bestPath_blankColumns_readNothing() {
    float[][] blank = {{1, 0, 0, 0}, {0.8f, 0.2f, 0, 0}};
    assertThat(decoder.bestPath(columns(blank), 0, 2)).isEmpty();
    assertThat(decoder.bestPath(columns(blank), 0, 0)).isEmpty();
  }

  @Test
  void alternatives_twoColumns_addUpEveryWayToWriteAText() {
    float[][] two = {{0.4f, 0.6f, 0, 0}, {0.4f, 0.6f, 0, 0}};
    List<TextReading> readings = decoder.alternatives(columns(two), 0, 2);
    // "1" is written as 1-blank, blank-1 or 1-1; the empty text is not a reading.
    assertThat(readings).singleElement().extracting(TextReading::text).isEqualTo("1");
    assertThat(readings.get(0).confidence()).isCloseTo(0.24 + 0.24 + 0.36, within(1e-6));
  }

  @Test
  void alternatives_doubtfulCharacter_offersBothWithTheLikelierFirst() {
    List<TextReading> readings = decoder.alternatives(columns(REPEATED), 0, REPEATED.length);
    assertThat(readings.get(0).text()).isEqualTo("11.");
    assertThat(readings).extracting(TextReading::text).contains("112");
    assertThat(readings.stream().mapToDouble(TextReading::confidence).sum())
        .isLessThanOrEqualTo(1 + 1e-6);
  }

  private static FloatBuffer columns(float[][] values) {
    FloatBuffer all = FloatBuffer.allocate(values.length * values[0].length);
    for (float[] column : values) {
      all.put(column);
    }
    return all.rewind();
  }
}
