package io.shelfmark.inference.synthetic;

/**
 * What light, lens and sensor do to a composed photo. Immutable; the sharpness is part of the
 * truth.
 */
record Camera(
    double blur,
    int motion,
    boolean motionUpright,
    double noise,
    double lift,
    double gain,
    double[] cast,
    double slopeX,
    double slopeY,
    double vignette,
    int quality,
    long seed) {

  private static final short[] NOISE = noiseTable();

  static Camera of(Dice dice) {
    boolean dim = dice.chance(0.07);
    double warm = dice.bell() * 0.035;
    return new Camera(
        dice.chance(0.45)
            ? dice.real(0, 0.75)
            : dice.chance(0.83) ? dice.real(0.6, 1.3) : dice.real(1.2, 2.3),
        dice.chance(0.12) ? dice.whole(2, 7) : 0,
        dice.chance(0.4),
        dim ? dice.real(4, 11) : dice.real(0, 5),
        dice.real(6, dice.chance(0.2) ? 62 : 34),
        dim ? dice.real(0.45, 0.68) : dice.real(0.82, 1.06),
        new double[] {
          1 + warm + dice.bell() * 0.012, 1 + dice.bell() * 0.015, 1 - warm + dice.bell() * 0.02
        },
        dice.bell() * 0.12,
        dice.bell() * 0.12,
        dice.chance(0.5) ? dice.real(0, 0.3) : 0,
        dice.whole(40, 95),
        dice.bits());
  }

  /** Standard deviation of all blur together, in pixels. */
  double softness() {
    return Math.sqrt(blur * blur + motion * motion / 12.0);
  }

  void shoot(int[] rgb, int width, int height) {
    if (motion > 1) {
      Blur.box(rgb, width, height, motion, motionUpright);
    }
    if (blur > 0.25) {
      Blur.gaussian(rgb, width, height, blur);
    }
    long state = seed | 1;
    float scale = (float) ((gain * 255 - lift) / 255);
    float grainScale = (float) noise / 256;
    float dark = (float) lift;
    float red = (float) cast[0];
    float green = (float) cast[1];
    float blue = (float) cast[2];
    for (int y = 0; y < height; y++) {
      double v = (y + 0.5) / height - 0.5;
      for (int x = 0; x < width; x++) {
        double u = (x + 0.5) / width - 0.5;
        float light = (float) (1 + slopeX * u + slopeY * v - vignette * (u * u + v * v)) * scale;
        state = state * 6364136223846793005L + 1442695040888963407L;
        float grain = NOISE[(int) (state >>> 52)] * grainScale;
        float tint = NOISE[(int) (state >>> 40 & 4095)] * grainScale * 0.4f;
        int pixel = rgb[y * width + x];
        int r = clamp(dark + (pixel >> 16 & 255) * light * red + grain + tint);
        int g = clamp(dark + (pixel >> 8 & 255) * light * green + grain);
        int b = clamp(dark + (pixel & 255) * light * blue + grain - tint);
        rgb[y * width + x] = r << 16 | g << 8 | b;
      }
    }
  }

  private static int clamp(float value) {
    return Math.max(0, Math.min(255, (int) value));
  }

  /** 4096 bell-shaped values of deviation 1, in 1/256. */
  private static short[] noiseTable() {
    Dice dice = new Dice(20240607);
    short[] table = new short[4096];
    for (int i = 0; i < table.length; i++) {
      table[i] = (short) (dice.bell() * 256);
    }
    return table;
  }
}
