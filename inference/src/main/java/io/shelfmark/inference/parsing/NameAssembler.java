package io.shelfmark.inference.parsing;

import io.shelfmark.inference.Recognized;
import io.shelfmark.inference.detection.FieldKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * Joins the lines of a product's name in reading order and gives Latin words their letters back.
 * Holds scratch memory: for one thread.
 */
final class NameAssembler {

  private final StringBuilder joined = new StringBuilder();
  private final ScriptRepair scripts = new ScriptRepair(joined);
  private int[] lines = new int[8];

  /** The name, sure when all of its lines are; empty without a letter or digit. */
  Optional<Recognized<String>> assemble(TagText tag) {
    joined.setLength(0);
    double confidence = 1;
    int size = findLines(tag);
    LineOrder.sort(tag, lines, size);
    for (int i = 0; i < size; i++) {
      CharSequence text = tag.text(lines[i]);
      if (hasLetterOrDigit(text)) {
        append(text);
        confidence *= tag.confidence(lines[i]);
      }
    }
    if (joined.isEmpty()) {
      return Optional.empty();
    }
    scripts.repair();
    return Optional.of(new Recognized<>(joined.toString(), confidence));
  }

  private int findLines(TagText tag) {
    int size = 0;
    for (int i = tag.next(FieldKind.NAME, 0); i >= 0; i = tag.next(FieldKind.NAME, i + 1)) {
      if (size == lines.length) {
        lines = Arrays.copyOf(lines, 2 * size);
      }
      lines[size++] = i;
    }
    return size;
  }

  private static boolean hasLetterOrDigit(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isLetterOrDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /** Adds a line, one space between its words and before it. */
  private void append(CharSequence text) {
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
