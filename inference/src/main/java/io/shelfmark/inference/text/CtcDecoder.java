package io.shelfmark.inference.text;

import io.shelfmark.inference.parsing.TextReading;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * From per-column class probabilities to text.
 *
 * <p>Connectionist temporal classification (Graves et al., 2006): repeats collapse and blanks
 * vanish. Best path takes each column's likeliest class; prefix search (Hannun et al., 2014) adds
 * up all the ways to write the same text, so its probabilities are the model's own. Names are
 * searched for with a prior of their spelling (shallow fusion). All leave nothing on the heap but
 * their readings. Holds scratch memory: for one thread.
 */
final class CtcDecoder {

  private static final int KEPT = 3;
  private static final int WIDTH = 6;
  private static final int NAME_WIDTH = 8;

  /** A name whose columns are all this sure is its best path, whatever is usual. */
  private static final float SURE = 0.97f;

  private final Alphabet alphabet;
  private final StringBuilder text = new StringBuilder();
  private final PrefixBeam beam = new PrefixBeam(Prior.NONE, WIDTH);
  private final PrefixBeam names;
  private final TextReading[] kept = new TextReading[KEPT];

  /** A decoder that reads names with the prior {@code names}. */
  CtcDecoder(Alphabet alphabet, Prior names) {
    this.alphabet = alphabet;
    this.names = new PrefixBeam(names, NAME_WIDTH);
  }

  /**
   * The best path's text and the product of its characters' probabilities; nothing when every
   * column is blank.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  List<TextReading> bestPath(FloatBuffer probabilities, int start, int columns) {
    int classes = alphabet.classes();
    text.setLength(0);
    double confidence = 1;
    float peak = 0;
    int last = 0;
    for (int column = 0; column < columns; column++) {
      int from = start + column * classes;
      int best = likeliest(probabilities, from, classes);
      if (best != last) {
        confidence *= last == 0 ? 1 : peak;
        peak = 0;
        if (best != 0) {
          text.appendCodePoint(alphabet.character(best));
        }
      }
      peak = Math.max(peak, probabilities.get(from + best));
      last = best;
    }
    confidence *= last == 0 ? 1 : peak;
    return text.isEmpty() ? List.of() : List.of(reading(text, confidence));
  }

  /** A class with more than half of the probability is the likeliest: the search ends at it. */
  private static int likeliest(FloatBuffer probabilities, int from, int classes) {
    int best = 0;
    float highest = probabilities.get(from);
    for (int i = 1; i < classes && highest <= 0.5f; i++) {
      float value = probabilities.get(from + i);
      if (value > highest) {
        highest = value;
        best = i;
      }
    }
    return best;
  }

  /**
   * The likeliest texts, the best first, the empty one left out.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  List<TextReading> alternatives(FloatBuffer probabilities, int start, int columns) {
    search(beam, probabilities, start, columns);
    int count = 0;
    for (int i = 0; i < beam.size() && count < KEPT; i++) {
      if (!beam.isEmpty(i) && beam.probability(i) > PrefixBeam.NEGLIGIBLE) {
        beam.write(i, alphabet, text);
        kept[count++] = reading(text, beam.probability(i));
      }
    }
    return switch (count) {
      case 0 -> List.of();
      case 1 -> List.of(kept[0]);
      case 2 -> List.of(kept[0], kept[1]);
      default -> List.of(kept);
    };
  }

  /**
   * The best text of a line of a name, by the network and by what names are like; nothing when it
   * is empty. The confidence is the network's alone.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  List<TextReading> name(FloatBuffer probabilities, int start, int columns) {
    if (isSure(probabilities, start, columns)) {
      return bestPath(probabilities, start, columns);
    }
    search(names, probabilities, start, columns);
    int best = names.best();
    if (names.isEmpty(best)) {
      return List.of();
    }
    names.write(best, alphabet, text);
    return List.of(reading(text, names.probability(best)));
  }

  private boolean isSure(FloatBuffer probabilities, int start, int columns) {
    int classes = alphabet.classes();
    for (int column = 0; column < columns; column++) {
      int from = start + column * classes;
      if (probabilities.get(from + likeliest(probabilities, from, classes)) < SURE) {
        return false;
      }
    }
    return true;
  }

  private void search(PrefixBeam beginnings, FloatBuffer probabilities, int start, int columns) {
    int classes = alphabet.classes();
    beginnings.reset();
    for (int column = 0; column < columns; column++) {
      beginnings.extend(probabilities, start + column * classes, classes);
    }
  }

  private static TextReading reading(CharSequence text, double confidence) {
    return new TextReading(text.toString().strip(), Math.min(1, Math.max(0, confidence)));
  }
}
