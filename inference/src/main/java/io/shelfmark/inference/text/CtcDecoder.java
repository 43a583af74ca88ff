package io.shelfmark.inference.text;

import io.shelfmark.inference.parsing.TextReading;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * From per-column class probabilities to text.
 *
 * <p>Connectionist temporal classification (Graves et al., 2006): repeats collapse and blanks
 * vanish. Best path takes each column's likeliest class; prefix search (Hannun et al., 2014) adds
 * up all the ways to write the same text, so its probabilities are the model's own. Names are
 * searched for with a prior of their spelling (shallow fusion). All leave nothing on the heap but
 * their readings. Immutable and thread-safe.
 */
final class CtcDecoder {

  private static final int KEPT = 3;
  private static final int WIDTH = 6;
  private static final int NAME_WIDTH = 8;

  /** A name whose columns are all this sure is its best path, whatever is usual. */
  private static final float SURE = 0.97f;

  private final Alphabet alphabet;
  private final Prior names;
  private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

  /** A decoder that reads names with the prior {@code names}. */
  CtcDecoder(Alphabet alphabet, Prior names) {
    this.alphabet = alphabet;
    this.names = names;
  }

  /** Scratch memory of one line, lent to one thread at a time. */
  private static final class Workspace {
    final StringBuilder text = new StringBuilder();
    final PrefixBeam beam = new PrefixBeam(Prior.NONE, WIDTH);
    final PrefixBeam names;

    Workspace(Prior prior) {
      names = new PrefixBeam(prior, NAME_WIDTH);
    }
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
    Workspace workspace = borrow();
    try {
      return bestPath(probabilities, start, columns, workspace.text);
    } finally {
      idle.add(workspace);
    }
  }

  private List<TextReading> bestPath(
      FloatBuffer probabilities, int start, int columns, StringBuilder text) {
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
    Workspace workspace = borrow();
    try {
      PrefixBeam beam = workspace.beam;
      search(beam, probabilities, start, columns);
      List<TextReading> readings = new ArrayList<>(KEPT);
      for (int i = 0; i < beam.size() && readings.size() < KEPT; i++) {
        if (!beam.isEmpty(i) && beam.probability(i) > PrefixBeam.NEGLIGIBLE) {
          beam.write(i, alphabet, workspace.text);
          readings.add(reading(workspace.text, beam.probability(i)));
        }
      }
      return readings;
    } finally {
      idle.add(workspace);
    }
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
    Workspace workspace = borrow();
    try {
      if (isSure(probabilities, start, columns)) {
        return bestPath(probabilities, start, columns, workspace.text);
      }
      PrefixBeam beam = workspace.names;
      search(beam, probabilities, start, columns);
      int best = beam.best();
      if (beam.isEmpty(best)) {
        return List.of();
      }
      beam.write(best, alphabet, workspace.text);
      return List.of(reading(workspace.text, beam.probability(best)));
    } finally {
      idle.add(workspace);
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

  private void search(PrefixBeam beam, FloatBuffer probabilities, int start, int columns) {
    int classes = alphabet.classes();
    beam.reset();
    for (int column = 0; column < columns; column++) {
      beam.extend(probabilities, start + column * classes, classes);
    }
  }

  private Workspace borrow() {
    Workspace workspace = idle.poll();
    return workspace == null ? new Workspace(names) : workspace;
  }

  private static TextReading reading(CharSequence text, double confidence) {
    return new TextReading(text.toString().strip(), Math.min(1, Math.max(0, confidence)));
  }
}
