package io.shelfmark.inference.evaluation;

import java.util.List;

/**
 * A product's name as a person read it. Immutable.
 *
 * @param lines the printed lines from top to bottom
 * @param legibility how well they could be read
 * @param inferred whether hidden letters were restored by sense, which no reader can be asked to do
 */
public record LabeledName(List<String> lines, Legibility legibility, boolean inferred) {

  /** Copies the lines. */
  public LabeledName {
    lines = List.copyOf(lines);
  }

  /** The lines joined by a space. */
  public String text() {
    return String.join(" ", lines);
  }
}
