package io.shelfmark.inference.text;

import io.shelfmark.inference.parsing.TextReadings;
import java.nio.FloatBuffer;

/**
 * From per-column class probabilities to text.
 *
 * <p>Connectionist temporal classification (Graves et al., 2006): repeats collapse and blanks
 * vanish. Best path takes each column's likeliest class; prefix search (Hannun et al., 2014) adds
 * up all the ways to write the same text, so its probabilities are the model's own. Names are
 * searched for with a prior of their spelling (shallow fusion). All add to a field's readings and
 * leave nothing on the heap. Holds scratch memory: for one thread.
 */
final class CtcDecoder {

  private static final int WIDTH = 6;
  private static final int NAME_WIDTH = 8;

  /** A name whose columns are all this sure is its best path, whatever is usual. */
  private static final float SURE = 0.97f;

  private final Alphabet alphabet;
  private final PrefixBeam beam = new PrefixBeam(Prior.NONE, WIDTH);
  private final PrefixBeam names;

  /** A decoder that reads names with the prior {@code names}. */
  CtcDecoder(Alphabet alphabet, Prior names) {
    this.alphabet = alphabet;
    this.names = new PrefixBeam(names, NAME_WIDTH);
  }

  /**
   * Adds the best path's text and the product of its characters' probabilities; nothing when every
   * column is blank.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  void bestPath(
      FloatBuffer probabilities, int start, int columns, TextReadings readings, int field) {
    int classes = alphabet.classes();
    StringBuilder text = readings.next(field);
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
    if (!text.isEmpty()) {
      add(readings, field, confidence);
    }
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
   * Adds the likeliest texts, the best first, the empty one left out.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  void alternatives(
      FloatBuffer probabilities, int start, int columns, TextReadings readings, int field) {
    search(beam, probabilities, start, columns);
    for (int i = 0; i < beam.size() && readings.count(field) < TextReadings.WAYS; i++) {
      if (!beam.isEmpty(i) && beam.probability(i) > PrefixBeam.NEGLIGIBLE) {
        beam.write(i, alphabet, readings.next(field));
        add(readings, field, beam.probability(i));
      }
    }
  }

  /**
   * Adds the best text of a line of a name, by the network and by what names are like; nothing when
   * it is empty. The confidence is the network's alone.
   *
   * @param probabilities of all classes, column by column
   * @param start index of the line's first probability
   * @param columns how many columns the line has
   */
  void name(FloatBuffer probabilities, int start, int columns, TextReadings readings, int field) {
    if (isSure(probabilities, start, columns)) {
      bestPath(probabilities, start, columns, readings, field);
      return;
    }
    search(names, probabilities, start, columns);
    int best = names.best();
    if (!names.isEmpty(best)) {
      names.write(best, alphabet, readings.next(field));
      add(readings, field, names.probability(best));
    }
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

  private static void add(TextReadings readings, int field, double confidence) {
    readings.add(field, Math.min(1, Math.max(0, confidence)));
  }
}
