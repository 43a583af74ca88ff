package io.shelfmark.inference.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class WarpTest {

  private static final int SIDE = 200;
  private final Warp warp = new Warp();

  /**
   * Against the definition, in double precision, pixel by pixel; the pattern is smooth so that
   * positions show as values.
   */
  @Property(tries = 60)
  void toFloats_anyHomography_isBilinearWithGrayAround(
      @ForAll @DoubleRange(min = -2, max = 2) double xx,
      @ForAll @DoubleRange(min = -2, max = 2) double xy,
      @ForAll @DoubleRange(min = -50, max = 150) double x0,
      @ForAll @DoubleRange(min = -2, max = 2) double yx,
      @ForAll @DoubleRange(min = -2, max = 2) double yy,
      @ForAll @DoubleRange(min = -50, max = 150) double y0,
      @ForAll @DoubleRange(min = -6, max = 6) double tiltX,
      @ForAll @DoubleRange(min = -6, max = 6) double tiltY) {
    assertBilinear(new double[] {xx, xy, x0, yx, yy, y0, tiltX / 1000, tiltY / 1000, 1});
  }

  /** Rows that all but reach the horizon, where a pixel is many of the photo's. */
  @Test
  void toFloats_nextToTheHorizon_isBilinearWithGrayAround() {
    assertBilinear(new double[] {0, 0, 0, 0.05, 0, 0, -5.63e-3, -5.5e-3, 1});
    assertBilinear(new double[] {0.12, -0.21, -0.19, 0.05, -0.36, 5.04, -5.74e-3, -5.6e-3, 1});
  }

  private void assertBilinear(double[] m) {
    ByteBuffer memory = ByteBuffer.allocateDirect(SIDE * SIDE + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < SIDE * SIDE; i++) {
      memory.put(7 + i, (byte) ((i % SIDE + i / SIDE) / 2));
    }
    Warp.Plane plane = new Warp.Plane(memory, 7, SIDE, SIDE);
    int width = 150;
    int height = 20;
    FloatBuffer target = FloatBuffer.allocate(height * 160 + 3);

    warp.toFloats(plane, m, target, 3, 160, width, height);

    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double w = m[6] * x + m[7] * y + m[8];
        double sx = (m[0] * x + m[1] * y + m[2]) / w;
        double sy = (m[3] * x + m[4] * y + m[5]) / w;
        double found = target.get(3 + y * 160 + x);
        boolean inside = w > 1e-9 && sx >= 0 && sy >= 0 && sx <= SIDE - 1 && sy <= SIDE - 1;
        boolean outside =
            !(w > 0) || sx < -1.01 || sy < -1.01 || sx > SIDE + 0.01 || sy > SIDE + 0.01;
        if (inside) {
          assertThat(Math.abs(found - (sx + sy) / 2)).isLessThan(0.75);
        } else if (outside) {
          assertThat(found).isEqualTo(114);
        }
      }
    }
  }

  @Test
  void toFloats_identity_copiesEveryPixel() {
    Random random = new Random(5);
    ByteBuffer memory = ByteBuffer.allocateDirect(64 * 48 + 1).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 64 * 48; i++) {
      memory.put(i, (byte) random.nextInt());
    }
    double[] identity = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    FloatBuffer target = FloatBuffer.allocate(64 * 48);
    byte[] bytes = new byte[64 * 48];

    warp.toFloats(new Warp.Plane(memory, 0, 64, 48), identity, target, 0, 64, 64, 48);
    warp.toBytes(new Warp.Plane(memory, 0, 64, 48), identity, bytes, 64, 48);

    for (int i = 0; i < 64 * 48; i++) {
      assertThat(target.get(i)).isEqualTo(memory.get(i) & 0xff);
      assertThat(bytes[i]).isEqualTo(memory.get(i));
    }
  }

  @Test
  void toFloats_notNumbersAndHugeNumbers_giveGray() {
    ByteBuffer memory = ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN);
    Warp.Plane plane = new Warp.Plane(memory, 0, 9, 9);
    double nan = Double.NaN;
    double[][] hostile = {
      {nan, nan, nan, nan, nan, nan, nan, nan, nan},
      {1, 0, 0, 0, 1, 0, 0, 0, 0},
      {1e300, 0, 1e300, 0, 1e300, 1e300, 0, 0, 1e-300},
      {1, 0, Double.POSITIVE_INFINITY, 0, 1, 0, 0, 0, 1},
      {1, 0, 1e12, 0, 1, -1e12, 0, 0, 1},
      {1, 0, 0, 0, 1, 0, 0, 0, -1}
    };
    for (double[] matrix : hostile) {
      FloatBuffer target = FloatBuffer.allocate(40 * 8);
      warp.toFloats(plane, matrix, target, 0, 40, 40, 8);
      for (int i = 0; i < 40 * 8; i++) {
        assertThat(target.get(i)).isEqualTo(114);
      }
    }
  }

  /** Small blocks without perspective take a way of their own where they lie inside. */
  @Property(tries = 60)
  void toBytes_smallBlockWithoutPerspective_isBilinearWithGrayAround(
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double xx,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double xy,
      @ForAll @DoubleRange(min = -20, max = 120) double x0,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double yx,
      @ForAll @DoubleRange(min = -1.5, max = 1.5) double yy,
      @ForAll @DoubleRange(min = -20, max = 120) double y0) {
    ByteBuffer memory = ByteBuffer.allocateDirect(SIDE * SIDE + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < SIDE * SIDE; i++) {
      memory.put(7 + i, (byte) ((i % SIDE + i / SIDE) / 2));
    }
    double[] m = {xx, xy, x0, yx, yy, y0, 0, 0, 1};
    byte[] target = new byte[24 * 20];

    warp.toBytes(new Warp.Plane(memory, 7, SIDE, SIDE), m, target, 24, 20);

    for (int i = 0; i < target.length; i++) {
      double sx = xx * (i % 24) + xy * (i / 24) + x0;
      double sy = yx * (i % 24) + yy * (i / 24) + y0;
      int found = target[i] & 0xff;
      if (sx >= 0 && sy >= 0 && sx <= SIDE - 1 && sy <= SIDE - 1) {
        assertThat(Math.abs(found - (sx + sy) / 2)).isLessThan(1.25);
      } else if (sx < -1.01 || sy < -1.01 || sx > SIDE + 0.01 || sy > SIDE + 0.01) {
        assertThat(found).isEqualTo(114);
      }
    }
  }
}
