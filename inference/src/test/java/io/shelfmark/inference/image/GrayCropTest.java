package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GrayCropTest {

  @Test
  void constructor_wrongSize_throws() {
    assertThatThrownBy(() -> new GrayCrop(4, 4, new byte[10]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make gray crop: found 10 bytes for 4 x 4 pixels, expected one byte a pixel");
  }

  @Test
  void turned_row_becomesColumnFromTheTop() {
    GrayCrop turned = new GrayCrop(3, 1, new byte[] {1, 2, 3}).turned();

    assertThat(turned.width()).isEqualTo(1);
    assertThat(turned.height()).isEqualTo(3);
    assertThat(turned.pixels()).containsExactly(1, 2, 3);
  }

  @Test
  void doubled_step_isInterpolated() {
    GrayCrop doubled = new GrayCrop(2, 1, new byte[] {0, 40}).doubled();

    assertThat(doubled.width()).isEqualTo(4);
    assertThat(doubled.pixels()).containsExactly(0, 10, 30, 40, 0, 10, 30, 40);
  }
}
