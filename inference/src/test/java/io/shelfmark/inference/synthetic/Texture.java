package io.shelfmark.inference.synthetic;

/**
 * Uneven light and grain over a backdrop, so that no surface is as flat as a computer paints it
 * (value noise, two octaves).
 */
final class Texture {
  private static final int GRID = 24;

  private Texture() {}

  static void apply(int[] rgb, int width, int height, Dice dice) {
    float[] coarse = grid(dice, (float) dice.real(0.02, 0.12));
    float[] fine = grid(dice, (float) dice.real(0, 0.055));
    float coarseStep = (float) dice.real(40, 160);
    float fineStepX = (float) dice.real(3, 20);
    float fineStepY = (float) dice.real(3, 20);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float light =
            1 + at(coarse, x / coarseStep, y / coarseStep) + at(fine, x / fineStepX, y / fineStepY);
        int scale = (int) (light * 256);
        int pixel = rgb[y * width + x];
        int r = Math.min(255, (pixel >> 16 & 255) * scale >> 8);
        int g = Math.min(255, (pixel >> 8 & 255) * scale >> 8);
        int b = Math.min(255, (pixel & 255) * scale >> 8);
        rgb[y * width + x] = r << 16 | g << 8 | b;
      }
    }
  }

  private static float[] grid(Dice dice, float deviation) {
    float[] grid = new float[GRID * GRID];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = Math.max(-0.45f, Math.min(0.45f, (float) dice.bell() * deviation));
    }
    return grid;
  }

  private static float at(float[] grid, float x, float y) {
    int column = (int) x;
    int row = (int) y;
    float fx = x - column;
    float fy = y - row;
    int x0 = column % GRID;
    int x1 = (column + 1) % GRID;
    int y0 = row % GRID * GRID;
    int y1 = (row + 1) % GRID * GRID;
    float top = grid[y0 + x0] + fx * (grid[y0 + x1] - grid[y0 + x0]);
    float low = grid[y1 + x0] + fx * (grid[y1 + x1] - grid[y1 + x0]);
    return top + fy * (low - top);
  }
}
