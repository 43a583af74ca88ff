package io.shelfmark.inference.image;

import java.util.Arrays;
import java.util.Objects;

/**
 * A rectified piece of a photo in gray, as bar code readers take it. Its pixels are shared, never
 * copied: whoever changes them does so for all.
 */
public final class GrayCrop {

  private static final int WHITE = 255;

  /** Pixels that differ by less, in gray levels, show nothing. */
  private static final int FAINT = 16;

  private final int width;
  private final int height;
  private final byte[] pixels;

  /**
   * A crop of these pixels.
   *
   * @param pixels one byte a pixel, 0 black to 255 white, rows from the top without gaps; kept;
   *     what comes behind them is left alone
   * @throws IllegalArgumentException when there are fewer than width x height of them
   */
  public GrayCrop(int width, int height, byte[] pixels) {
    Objects.requireNonNull(pixels, "pixels");
    if (width < 1 || height < 1 || pixels.length < (long) width * height) {
      throw new IllegalArgumentException(
          "Cannot make gray crop: found %d bytes for %d x %d pixels, expected one byte a pixel"
              .formatted(pixels.length, width, height));
    }
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /**
   * One byte a pixel, rows from the top without gaps, perhaps with others behind them; not copied.
   */
  public byte[] pixels() {
    return pixels;
  }

  /** Turned by 90 degrees clockwise. */
  public GrayCrop turned() {
    byte[] turned = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        turned[x * height + height - 1 - y] = pixels[y * width + x];
      }
    }
    return new GrayCrop(/* width= */ height, /* height= */ width, turned);
  }

  /**
   * Twice as wide and high, interpolated by cubics (R. Keys, Cubic convolution interpolation for
   * digital image processing, 1981).
   *
   * @param memory takes the pixels when it is large enough
   */
  public GrayCrop doubled(byte[] memory) {
    byte[] doubled = atLeast(4 * width * height, memory);
    int[] row = new int[width];
    for (int y = 0; y < 2 * height; y++) {
      int nearest = y / 2;
      int step = step(y);
      for (int x = 0; x < width; x++) {
        row[x] =
            between(
                at(x, nearest - step),
                at(x, nearest),
                at(x, nearest + step),
                at(x, nearest + 2 * step));
      }
      widen(row, doubled, 2 * width * y);
    }
    return new GrayCrop(2 * width, 2 * height, doubled);
  }

  /**
   * The picture without its top and bottom, squeezed to a few rows and drawn out to twice its
   * width: each row is the mean of those that it stands for, which takes the noise off upright
   * bars.
   *
   * @param margin share of the height that is left out at the top and at the bottom, below a half
   * @param memory takes the pixels when it is large enough
   */
  public GrayCrop bands(int count, double margin, byte[] memory) {
    byte[] bands = atLeast(2 * width * count, memory);
    int[] row = new int[width];
    double top = margin * height;
    double step = (height - 2 * top) / count;
    for (int band = 0; band < count; band++) {
      int from = (int) (top + band * step);
      int to = Math.max(from + 1, (int) (top + (band + 1) * step));
      Arrays.fill(row, 0);
      for (int y = from; y < to; y++) {
        for (int x = 0; x < width; x++) {
          row[x] += at(x, y);
        }
      }
      for (int x = 0; x < width; x++) {
        row[x] /= to - from;
      }
      widen(row, bands, 2 * width * band);
    }
    return new GrayCrop(2 * width, count, bands);
  }

  /**
   * With the darkest pixel of each row's surroundings drawn down to black and the brightest up to
   * white, so that one threshold suits all of the row; white where nothing stands out.
   *
   * @param reach how far a pixel's surroundings go to the left and right, in pixels
   * @param memory takes the pixels when it is large enough; not this crop's own
   */
  public GrayCrop leveled(int reach, byte[] memory) {
    byte[] leveled = atLeast(width * height, memory);
    for (int y = 0; y < height; y++) {
      int low = WHITE;
      int high = 0;
      for (int x = -reach; x < width; x++) {
        int from = Math.max(0, x - reach);
        int to = Math.min(width - 1, x + reach);
        int entering = at(to, y);
        int leaving = at(from - 1, y);
        if (x > reach && (leaving == low || leaving == high)) {
          low = WHITE;
          high = 0;
          for (int i = from; i <= to; i++) {
            low = Math.min(low, at(i, y));
            high = Math.max(high, at(i, y));
          }
        }
        low = Math.min(low, entering);
        high = Math.max(high, entering);
        if (x >= 0) {
          leveled[y * width + x] =
              (byte) (high - low < FAINT ? WHITE : WHITE * (at(x, y) - low) / (high - low));
        }
      }
    }
    return new GrayCrop(width, height, leveled);
  }

  private static byte[] atLeast(int size, byte[] memory) {
    return memory.length < size ? new byte[size] : memory;
  }

  /** Writes a row at twice its width. */
  private static void widen(int[] row, byte[] target, int offset) {
    int last = row.length - 1;
    for (int x = 0; x < 2 * row.length; x++) {
      int nearest = x / 2;
      int step = step(x);
      target[offset + x] =
          (byte)
              between(
                  row[clamp(nearest - step, last)],
                  row[nearest],
                  row[clamp(nearest + step, last)],
                  row[clamp(nearest + 2 * step, last)]);
    }
  }

  /** Of two pixels made of one, the first lies towards the one before it. */
  private static int step(int position) {
    return position % 2 == 0 ? -1 : 1;
  }

  /** The cubic a quarter of the way from {@code nearest} to {@code next}. */
  private static int between(int before, int nearest, int next, int behind) {
    return clamp((111 * nearest + 29 * next - 9 * before - 3 * behind + 64) >> 7, WHITE);
  }

  private int at(int x, int y) {
    return pixels[clamp(y, height - 1) * width + clamp(x, width - 1)] & 0xff;
  }

  private static int clamp(int value, int most) {
    return Math.max(0, Math.min(most, value));
  }
}
