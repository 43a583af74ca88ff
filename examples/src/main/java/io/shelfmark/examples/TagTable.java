package io.shelfmark.examples;

import io.shelfmark.inference.PriceTag;
import io.shelfmark.inference.ShelfReading;
import java.io.PrintStream;
import java.nio.file.FileSystems;
import java.util.List;

/** Tags as aligned rows, printed as soon as a photo is read. */
final class TagTable {

  private static final List<String> TITLES =
      List.of("file", "#", "price", "regular", "unit", "condition", "name", "conf");
  private static final int[] WIDTHS = {26, 3, 11, 11, 5, 10, 40, 4};
  private static final int FILE = 0;
  private static final int NAME = 6;

  private final PrintStream out;

  TagTable(PrintStream out) {
    this.out = out;
  }

  void header() {
    row(TITLES);
    StringBuilder line = new StringBuilder();
    for (int width : WIDTHS) {
      line.append("─".repeat(width)).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  void reading(String file, ShelfReading reading) {
    if (reading.tags().isEmpty()) {
      row(List.of(file, "", "", "", "", "", "(no tag in sight)", ""));
    }
    int number = 1;
    for (PriceTag tag : reading.tags()) {
      row(
          List.of(
              file,
              Integer.toString(number++),
              TagText.price(tag.price()),
              TagText.price(tag.regularPrice()),
              TagText.unit(tag),
              TagText.condition(tag),
              TagText.name(tag),
              TagText.percent(tag.confidence())));
    }
  }

  void failure(String file, String message) {
    out.println(cell(FILE, file) + "  " + message);
  }

  private void row(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < WIDTHS.length; i++) {
      line.append(cell(i, cells.get(i))).append("  ");
    }
    out.println(line.toString().stripTrailing());
  }

  /** Files keep their end, names their beginning; everything but those two is flush right. */
  private static String cell(int column, String text) {
    int width = WIDTHS[column];
    String line = text.replaceAll("\\s+", " ");
    int length = line.codePointCount(0, line.length());
    if (length > width) {
      line = column == FILE ? ending(line, width) : beginning(line, width);
      length = line.codePointCount(0, line.length());
    }
    String padding = " ".repeat(width - length);
    return column == FILE || column == NAME ? line + padding : padding + line;
  }

  private static String beginning(String text, int width) {
    return text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  /** The file's name with as many of its folders as fit. */
  private static String ending(String path, int width) {
    int length = path.codePointCount(0, path.length());
    String end = path.substring(path.offsetByCodePoints(0, length - width + 1));
    int folder = end.indexOf(FileSystems.getDefault().getSeparator());
    return "…" + (folder > 0 ? end.substring(folder) : end);
  }
}
