package io.shelfmark.inference.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Finds the names that share the rarest trigrams with a query: cosine similarity over binary
 * trigram vectors weighted by inverse document frequency (Salton and Buckley, 1988). Postings lie
 * in primitive arrays, about 150 bytes a name. Immutable but for pooled scratch arrays,
 * thread-safe.
 */
final class TrigramIndex {

  private static final int BITS = 6;
  private static final int TRIGRAMS = 1 << (3 * BITS);

  /**
   * Names looked at in one search, the rarest trigrams first: what is left then is in every tenth
   * name.
   */
  private static final int BUDGET = 100_000;

  private final int[] offsets = new int[TRIGRAMS + 1];
  private final int[] postings;
  private final float[] weights = new float[TRIGRAMS];
  private final float[] inverseNorms;

  /** Scratch of finished searches; more searches at a time than it holds allocate their own. */
  private final ArrayBlockingQueue<float[]> pool =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  TrigramIndex(List<String> names) {
    int[][] trigrams = new int[names.size()][];
    for (int i = 0; i < trigrams.length; i++) {
      trigrams[i] = trigrams(names.get(i));
      for (int trigram : trigrams[i]) {
        offsets[trigram + 1]++;
      }
    }
    for (int t = 0; t < TRIGRAMS; t++) {
      double idf = Math.log((2.0 + names.size()) / (1 + offsets[t + 1]));
      weights[t] = (float) (idf * idf);
      offsets[t + 1] += offsets[t];
    }
    postings = new int[offsets[TRIGRAMS]];
    inverseNorms = new float[names.size()];
    int[] next = Arrays.copyOf(offsets, TRIGRAMS);
    for (int i = 0; i < trigrams.length; i++) {
      for (int trigram : trigrams[i]) {
        postings[next[trigram]++] = i;
      }
      inverseNorms[i] = (float) (1 / Math.sqrt(Math.max(1e-9, sum(trigrams[i]))));
    }
  }

  /** The positions of the {@code limit} most similar names, the most similar first. */
  int[] search(String name, int limit) {
    float[] scores = pool.poll();
    if (scores == null) {
      scores = new float[inverseNorms.length];
    }
    int budget = BUDGET;
    for (int trigram : rarestFirst(trigrams(name))) {
      float weight = weights[trigram];
      int end = offsets[trigram + 1];
      for (int at = offsets[trigram]; at < end; at++) {
        scores[postings[at]] += weight;
      }
      budget -= end - offsets[trigram];
      if (budget < 0) {
        break;
      }
    }
    int[] best = best(scores, limit);
    Arrays.fill(scores, 0);
    pool.offer(scores);
    return best;
  }

  private int[] rarestFirst(int[] trigrams) {
    return Arrays.stream(trigrams)
        .mapToLong(t -> ((long) (offsets[t + 1] - offsets[t]) << (3 * BITS)) | t)
        .sorted()
        .mapToInt(key -> (int) (key & (TRIGRAMS - 1)))
        .toArray();
  }

  private int[] best(float[] scores, int limit) {
    int[] best = new int[limit];
    float[] values = new float[limit];
    int size = 0;
    for (int i = 0; i < scores.length; i++) {
      float value = scores[i] * inverseNorms[i];
      if (value > 0 && (size < limit || value > values[size - 1])) {
        int at = size < limit ? size++ : size - 1;
        while (at > 0 && values[at - 1] < value) {
          values[at] = values[at - 1];
          best[at] = best[at - 1];
          at--;
        }
        values[at] = value;
        best[at] = i;
      }
    }
    return Arrays.copyOf(best, size);
  }

  private double sum(int[] trigrams) {
    double sum = 0;
    for (int trigram : trigrams) {
      sum += weights[trigram];
    }
    return sum;
  }

  /** The distinct trigrams of {@code text}, in ascending order. */
  private static int[] trigrams(String text) {
    int count = Math.max(0, text.length() - 2);
    int[] trigrams = new int[count];
    for (int i = 0; i < count; i++) {
      trigrams[i] =
          (symbol(text.charAt(i)) << (2 * BITS))
              | (symbol(text.charAt(i + 1)) << BITS)
              | symbol(text.charAt(i + 2));
    }
    return Arrays.stream(trigrams).sorted().distinct().toArray();
  }

  /** Six bits a character: digits, Cyrillic and the rest apart; rare letters share a symbol. */
  private static int symbol(char c) {
    if (c >= 'а' && c <= 'я') {
      return c - 'а';
    }
    if (c >= '0' && c <= '9') {
      return 32 + c - '0';
    }
    return switch (c) {
      case ' ' -> 42;
      case ',' -> 43;
      case '%' -> 44;
      default -> 45 + c % 19;
    };
  }
}
