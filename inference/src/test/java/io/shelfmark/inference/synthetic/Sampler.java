package io.shelfmark.inference.synthetic;

/** Sums bilinear samples of a premultiplied ARGB image; outside of it everything is transparent. */
final class Sampler {
  private final int[] source;
  private final int width;
  private final int height;
  private int alpha;
  private int red;
  private int green;
  private int blue;

  Sampler(int[] source, int width, int height) {
    this.source = source;
    this.width = width;
    this.height = height;
  }

  void clear() {
    alpha = 0;
    red = 0;
    green = 0;
    blue = 0;
  }

  void add(double x, double y) {
    if (!(x > -1 && y > -1 && x < width && y < height)) {
      return;
    }
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    int fx = (int) ((x - left) * 256);
    int fy = (int) ((y - top) * 256);
    add(left, top, (256 - fx) * (256 - fy));
    add(left + 1, top, fx * (256 - fy));
    add(left, top + 1, (256 - fx) * fy);
    add(left + 1, top + 1, fx * fy);
  }

  private void add(int x, int y, int weight) {
    if (x >= 0 && y >= 0 && x < width && y < height) {
      int pixel = source[y * width + x];
      int share = weight >> 4;
      alpha += (pixel >>> 24) * share;
      red += (pixel >> 16 & 255) * share;
      green += (pixel >> 8 & 255) * share;
      blue += (pixel & 255) * share;
    }
  }

  /** Lays the mean of {@code count} samples over a pixel; returns its alpha. */
  int blend(int[] rgb, int at, int count) {
    if (alpha == 0) {
      return 0;
    }
    int scale = count << 12;
    int a = alpha / scale;
    int below = rgb[at];
    int rest = 255 - a;
    int r = Math.min(255, red / scale + (below >> 16 & 255) * rest / 255);
    int g = Math.min(255, green / scale + (below >> 8 & 255) * rest / 255);
    int b = Math.min(255, blue / scale + (below & 255) * rest / 255);
    rgb[at] = r << 16 | g << 8 | b;
    return a;
  }
}
