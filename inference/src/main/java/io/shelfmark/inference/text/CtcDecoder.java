package io.shelfmark.inference.text;

import io.shelfmark.inference.parsing.TextReading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From per-column class probabilities to text.
 *
 * <p>Connectionist temporal classification (Graves et al., 2006): repeats collapse and blanks
 * vanish. Best path takes each column's likeliest class; prefix search (Hannun et al., 2014) adds
 * up all the ways to write the same text, so its probabilities are the model's own. Immutable and
 * thread-safe.
 */
final class CtcDecoder {

  private static final int BEAM = 6;
  private static final int KEPT = 3;
  private static final float NEGLIGIBLE = 1e-3f;

  private final Alphabet alphabet;

  CtcDecoder(Alphabet alphabet) {
    this.alphabet = alphabet;
  }

  /** Probabilities of one line's columns, one row of classes after another. */
  interface Columns {
    float at(int column, int index);
  }

  /**
   * The best path's text and the product of its characters' probabilities; nothing when every
   * column is blank.
   */
  List<TextReading> bestPath(Columns columns, int count) {
    StringBuilder text = new StringBuilder();
    double confidence = 1;
    float peak = 0;
    int last = 0;
    for (int column = 0; column < count; column++) {
      int best = 0;
      float highest = columns.at(column, 0);
      for (int i = 1; i < alphabet.classes(); i++) {
        float value = columns.at(column, i);
        if (value > highest) {
          highest = value;
          best = i;
        }
      }
      if (best != last) {
        confidence *= last == 0 ? 1 : peak;
        peak = 0;
        if (best != 0) {
          text.appendCodePoint(alphabet.character(best));
        }
      }
      peak = Math.max(peak, highest);
      last = best;
    }
    confidence *= last == 0 ? 1 : peak;
    return text.isEmpty() ? List.of() : List.of(reading(text.toString(), confidence));
  }

  /** The likeliest texts, the best first, the empty one left out. */
  List<TextReading> alternatives(Columns columns, int count) {
    Map<String, Mass> beam = new HashMap<>();
    beam.put("", new Mass(1, 0));
    for (int column = 0; column < count; column++) {
      beam = best(extend(beam, columns, column));
    }
    return beam.entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty() && entry.getValue().total() > NEGLIGIBLE)
        .sorted(
            Comparator.comparingDouble((Map.Entry<String, Mass> e) -> e.getValue().total())
                .reversed())
        .limit(KEPT)
        .map(entry -> reading(entry.getKey(), entry.getValue().total()))
        .toList();
  }

  private Map<String, Mass> extend(Map<String, Mass> beam, Columns columns, int column) {
    float blank = columns.at(column, 0);
    Map<String, Mass> next = new HashMap<>();
    beam.forEach(
        (prefix, mass) ->
            next.computeIfAbsent(prefix, p -> new Mass()).blank += mass.total() * blank);
    for (int i = 1; i < alphabet.classes(); i++) {
      float value = columns.at(column, i);
      if (value < NEGLIGIBLE) {
        continue;
      }
      String character = Character.toString(alphabet.character(i));
      beam.forEach(
          (prefix, mass) -> {
            boolean repeated = prefix.endsWith(character);
            if (repeated) {
              next.computeIfAbsent(prefix, p -> new Mass()).ink += mass.ink * value;
            }
            next.computeIfAbsent(prefix + character, p -> new Mass()).ink +=
                (repeated ? mass.blank : mass.total()) * value;
          });
    }
    return next;
  }

  private static Map<String, Mass> best(Map<String, Mass> beam) {
    if (beam.size() <= BEAM) {
      return beam;
    }
    List<Map.Entry<String, Mass>> entries = new ArrayList<>(beam.entrySet());
    entries.sort(
        Comparator.comparingDouble((Map.Entry<String, Mass> e) -> e.getValue().total()).reversed());
    Map<String, Mass> kept = new HashMap<>();
    entries.subList(0, BEAM).forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    return kept;
  }

  private static TextReading reading(String text, double confidence) {
    return new TextReading(text.strip(), Math.min(1, Math.max(0, confidence)));
  }

  /** Probability of a prefix whose last column was blank, or was its last character. */
  private static final class Mass {
    private double blank;
    private double ink;

    Mass() {}

    Mass(double blank, double ink) {
      this.blank = blank;
      this.ink = ink;
    }

    double total() {
      return blank + ink;
    }
  }
}
