package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
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
    GrayCrop doubled = new GrayCrop(2, 1, new byte[] {0, 64}).doubled(new byte[0]);

    assertThat(doubled.width()).isEqualTo(4);
    assertThat(doubled.height()).isEqualTo(2);
    // 64 * 29 / 128 less the overshoot of what lies behind
    assertThat(doubled.pixels()).containsExactly(0, 13, 51, 69, 0, 13, 51, 69);
  }

  @Test
  void doubled_flat_staysFlat() {
    GrayCrop doubled = new GrayCrop(3, 2, new byte[] {-1, -1, -1, -1, -1, -1}).doubled(new byte[0]);

    assertThat(doubled.pixels()).containsOnly(-1).hasSize(24);
  }

  @Test
  void bands_rows_areAveragedWithoutTheMargin() {
    byte[] rows = {99, 99, 10, 10, 30, 30, 50, 50, 70, 70, 99, 99};

    GrayCrop bands = new GrayCrop(2, 6, rows).bands(2, 1.0 / 6, new byte[0]);

    assertThat(bands.width()).isEqualTo(4);
    assertThat(bands.height()).isEqualTo(2);
    assertThat(bands.pixels()).containsExactly(20, 20, 20, 20, 60, 60, 60, 60);
  }

  @Test
  void bands_moreThanRows_repeatThem() {
    GrayCrop bands = new GrayCrop(1, 2, new byte[] {7, 9}).bands(4, 0, new byte[0]);

    assertThat(bands.pixels()).containsExactly(7, 7, 7, 7, 9, 9, 9, 9);
  }

  @Test
  void leveled_shadow_goes() {
    byte[] halfInShadow = {(byte) 200, 100, (byte) 200, 100, 50, 25, 50, 25};

    GrayCrop leveled = new GrayCrop(8, 1, halfInShadow).leveled(1, new byte[0]);

    // the two in the middle stand between light and shadow
    assertThat(leveled.pixels()).containsExactly(255, 0, 255, 85, 85, 0, 255, 0);
  }

  @Property
  void leveled_anyRow_isStretchedBetweenTheExtremesAround(
      @ForAll @Size(min = 1, max = 40) byte[] row, @ForAll @IntRange(min = 1, max = 9) int reach) {
    byte[] leveled = new GrayCrop(row.length, 1, row).leveled(reach, new byte[0]).pixels();

    for (int x = 0; x < row.length; x++) {
      int low = 255;
      int high = 0;
      for (int i = Math.max(0, x - reach); i <= Math.min(row.length - 1, x + reach); i++) {
        low = Math.min(low, row[i] & 0xff);
        high = Math.max(high, row[i] & 0xff);
      }
      int expected = high - low < 16 ? 255 : 255 * ((row[x] & 0xff) - low) / (high - low);
      assertThat(leveled[x] & 0xff).isEqualTo(expected);
    }
  }

  @Test
  void scratchMemory_isUsedWhenItSuffices() {
    byte[] memory = new byte[9];

    assertThat(new GrayCrop(2, 1, new byte[2]).doubled(memory).pixels()).isSameAs(memory);
    assertThat(new GrayCrop(3, 1, new byte[3]).doubled(memory).pixels()).isNotSameAs(memory);
  }
}
