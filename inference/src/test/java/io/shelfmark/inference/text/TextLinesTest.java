package io.shelfmark.inference.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines 40 pixels high, so with a margin of 4, on a photo of 640 x 480. */
class TextLinesTest {

  private static boolean cutOff(double... corners) {
    TextLines lines = new TextLines();
    lines.add(corners, TextLines.Kind.PRICE, 0);
    return lines.isCutOff(0, 640, 480);
  }

  @Test
  void isCutOff_marginAloneBeyondTheEdge_isNot() {
    assertThat(cutOff(500, 100, 643, 100, 643, 140, 500, 140)).isFalse();
    assertThat(cutOff(500, 100, 645, 100, 645, 140, 500, 140)).isTrue();
  }

  @Test
  void isCutOff_startBeyondTheEdge_isNot() {
    assertThat(cutOff(-30, 100, 90, 100, 90, 140, -30, 140)).isFalse();
  }

  @Test
  void isCutOff_lineThatRunsUpOrDown_endsAtTheTopOrBottom() {
    assertThat(cutOff(100, 90, 100, -5, 140, -5, 140, 90)).isTrue();
    assertThat(cutOff(140, 390, 140, 485, 100, 485, 100, 390)).isTrue();
    assertThat(cutOff(100, 90, 100, 5, 140, 5, 140, 90)).isFalse();
  }
}
