package io.shelfmark.inference.parsing;

/** The order in which people read the lines of a tag. Stateless. */
final class LineOrder {

  private static final double SAME_ROW = 0.4;
  private static final double STANDING_OVER = 0.3;

  private LineOrder() {}

  /**
   * Sorts into rows from the top, a row from the left. Two boxes share a row when their centers
   * nearly do and neither stands over the other: lines that run askew may lie closer than they are
   * high.
   *
   * @param lines indices of fields of {@code tag}, of which the first {@code size} are put in order
   */
  static void sort(TagText tag, int[] lines, int size) {
    for (int i = 1; i < size; i++) {
      int at = i;
      while (at > 0 && Double.compare(tag.middle(lines[at - 1]), tag.middle(lines[i])) > 0) {
        at--;
      }
      move(lines, i, at);
    }
    int rowEnd;
    for (int rowStart = 0; rowStart < size; rowStart = rowEnd) {
      int first = lines[rowStart];
      rowEnd = rowStart + 1;
      for (int i = rowEnd; i < size; i++) {
        if (sharesRow(tag, lines[i], first)) {
          int at = rowEnd;
          while (at > rowStart && tag.left(lines[at - 1]) > tag.left(lines[i])) {
            at--;
          }
          move(lines, i, at);
          rowEnd++;
        }
      }
    }
  }

  /** Moves an element forward to where others then make room. */
  private static void move(int[] lines, int from, int to) {
    int line = lines[from];
    System.arraycopy(lines, to, lines, to + 1, from - to);
    lines[to] = line;
  }

  private static boolean sharesRow(TagText tag, int line, int first) {
    double height = Math.min(tag.height(first), tag.height(line));
    return tag.middle(line) - tag.middle(first) < SAME_ROW * height && areBeside(tag, line, first);
  }

  private static boolean areBeside(TagText tag, int a, int b) {
    double shared = Math.min(tag.right(a), tag.right(b)) - Math.max(tag.left(a), tag.left(b));
    return shared < STANDING_OVER * Math.min(tag.width(a), tag.width(b));
  }
}
