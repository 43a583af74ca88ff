package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Recognized;
import java.util.List;
import java.util.Optional;

/**
 * Joins the lines of a product's name in reading order and gives Latin words their letters back.
 * Stateless.
 */
final class NameAssembler {

  private NameAssembler() {}

  /** The name, sure when all of its lines are; empty without a letter or digit. */
  static Optional<Recognized<String>> assemble(List<FieldText> lines) {
    StringBuilder joined = new StringBuilder();
    double confidence = 1;
    for (FieldText line : LineOrder.of(lines)) {
      if (hasLetterOrDigit(line.text())) {
        append(joined, line.text());
        confidence *= line.confidence();
      }
    }
    return joined.isEmpty()
        ? Optional.empty()
        : Optional.of(new Recognized<>(ScriptRepair.repair(joined.toString()), confidence));
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
  private static void append(StringBuilder joined, String text) {
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
