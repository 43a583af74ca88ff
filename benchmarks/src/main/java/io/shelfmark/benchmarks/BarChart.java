package io.shelfmark.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where a photo's time goes: a picture (SVG) of {@link HotPath}'s table. */
final class BarChart {

  private static final int LEFT = 210;
  private static final int WIDTH = 900;
  private static final int TOP = 60;
  private static final int BAR = 22;
  private static final int STEP = 34;
  private static final List<String> PARTS =
      List.of("engine", "decoder", "all else", "codes (ZXing)");
  private static final List<String> COLORS = List.of("#3b6ea5", "#7fb069", "#e6aa68", "#b8b8b8");

  private BarChart() {}

  private record Bar(String name, List<Double> parts) {
    double sum() {
      return parts.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** The chart of the rows that end with a number of photos a second and of prices. */
  static String of(String table) {
    List<Bar> bars = new ArrayList<>();
    for (String line : table.lines().filter(row -> row.contains(" ms |")).toList()) {
      String[] cells = line.substring(1).split("\\|", -1);
      double whole = millis(cells[3]);
      double withoutCodes = millis(cells[4]);
      double engine = millis(cells[5]);
      double decoder = millis(cells[6]);
      bars.add(
          new Bar(
              cells[0].strip() + ", " + cells[2].strip(),
              List.of(
                  engine,
                  decoder,
                  Math.max(0, withoutCodes - engine - decoder),
                  Math.max(0, whole - withoutCodes))));
    }
    return draw(bars);
  }

  private static double millis(String cell) {
    return Double.parseDouble(cell.replace("ms", "").strip());
  }

  private static String draw(List<Bar> bars) {
    double longest = bars.stream().mapToDouble(Bar::sum).max().orElse(1);
    double scale = (WIDTH - LEFT - 90) / longest;
    int height = TOP + STEP * bars.size() + 10;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="14">
        <rect width="100%%" height="100%%" fill="white"/>
        """
            .formatted(WIDTH, height));
    for (int i = 0; i < PARTS.size(); i++) {
      int x = LEFT + 150 * i;
      svg.append(rectangle(x, 18, 14, 14, COLORS.get(i))).append(text(x + 20, 30, PARTS.get(i)));
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = TOP + STEP * i;
      svg.append(text(10, y + 16, bar.name()));
      double x = LEFT;
      for (int part = 0; part < bar.parts().size(); part++) {
        double width = bar.parts().get(part) * scale;
        svg.append(rectangle(x, y, width, BAR, COLORS.get(part)));
        x += width;
      }
      svg.append(text(x + 8, y + 16, String.format(Locale.ROOT, "%.0f ms", bar.sum())));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String rectangle(double x, double y, double width, double height, String color) {
    return String.format(
        Locale.ROOT,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
        x,
        y,
        width,
        height,
        color);
  }

  private static String text(double x, double y, String text) {
    return String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\">%s</text>%n", x, y, text);
  }
}
