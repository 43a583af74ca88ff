package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Recognized;
import java.util.List;
import java.util.Optional;

/**
 * Joins the lines of a product's name in reading order and gives Latin words their letters back.
 * Holds scratch memory: for one thread.
 */
final class NameAssembler {

  private final StringBuilder joined = new StringBuilder();

  /**
   * The name, sure when all of its lines are; empty without a letter or digit.
   *
   * @param lines are put in their order
   */
  Optional<Recognized<String>> assemble(List<FieldText> lines) {
    joined.setLength(0);
    double confidence = 1;
    LineOrder.sort(lines);
    for (int i = 0; i < lines.size(); i++) {
      FieldText line = lines.get(i);
      if (hasLetterOrDigit(line.text())) {
        append(line.text());
        confidence *= line.confidence();
      }
    }
    if (joined.isEmpty()) {
      return Optional.empty();
    }
    ScriptRepair.repair(joined);
    return Optional.of(new Recognized<>(joined.toString(), confidence));
  }

  private static boolean hasLetterOrDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Adds a line, one space between its words and before it. */
  private void append(String text) {
    boolean space = !joined.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        space = !joined.isEmpty();
      } else {
        if (space) {
          joined.append(' ');
          space = false;
        }
        joined.append(c);
      }
    }
  }
}
