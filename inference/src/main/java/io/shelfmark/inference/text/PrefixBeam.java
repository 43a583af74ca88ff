package io.shelfmark.inference.text;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The likeliest beginnings of a line so far. A beginning is a node of a tree, its text the way from
 * the root, so going on by a character copies nothing; nodes lie in arrays that are kept from line
 * to line. For one thread.
 */
final class PrefixBeam {

  /** Probabilities below it are not followed. */
  static final float NEGLIGIBLE = 1e-3f;

  private static final int WIDTH = 6;
  private static final int NONE = -1;

  // the tree: of each node its parent, the class it adds, its youngest child and its next sibling
  private int[] parent = new int[256];
  private int[] added = new int[256];
  private int[] child = new int[256];
  private int[] sibling = new int[256];
  private int nodes;

  // the beam, the likeliest first: of each beginning its node, and the probability that the last
  // column was blank or was its last character
  private int size;
  private final int[] node = new int[WIDTH];
  private final double[] blank = new double[WIDTH];
  private final double[] ink = new double[WIDTH];

  // what the beam becomes: beginnings that stay have their node, those that go on by a character
  // the node they come from and that character
  private int nextSize;
  private final int[] from = new int[WIDTH];
  private final int[] character = new int[WIDTH];
  private final double[] nextBlank = new double[WIDTH];
  private final double[] nextInk = new double[WIDTH];

  /** Starts a line: the empty text for certain. */
  void reset() {
    nodes = 1;
    parent[0] = NONE;
    added[0] = NONE;
    child[0] = NONE;
    size = 1;
    node[0] = 0;
    blank[0] = 1;
    ink[0] = 0;
  }

  /** How many beginnings there are. */
  int size() {
    return size;
  }

  /** Whether beginning {@code i} has no text. */
  boolean isEmpty(int i) {
    return node[i] == 0;
  }

  /** Probability of beginning {@code i}. */
  double probability(int i) {
    return blank[i] + ink[i];
  }

  /** Sets {@code text} to that of beginning {@code i}. */
  void write(int i, Alphabet alphabet, StringBuilder text) {
    text.setLength(0);
    for (int n = node[i]; n != 0; n = parent[n]) {
      text.appendCodePoint(alphabet.character(added[n]));
    }
    // reversing keeps the two halves of a character in order
    text.reverse();
  }

  /** Adds a column whose probabilities begin at {@code start}. */
  void extend(FloatBuffer probabilities, int start, int classes) {
    nextSize = 0;
    for (int i = 0; i < size; i++) {
      stay(i, probabilities, start);
    }
    // the rest of a column whose blank is certain is negligible
    if (probabilities.get(start) <= 1 - NEGLIGIBLE) {
      for (int c = 1; c < classes; c++) {
        float value = probabilities.get(start + c);
        if (value >= NEGLIGIBLE) {
          for (int i = 0; i < size; i++) {
            if (find(node[i], c) == NONE) {
              offer(node[i], c, 0, growth(i, c) * value);
            }
          }
        }
      }
    }
    advance();
  }

  /** By a blank, by its last character again, or grown out of a shorter one in the beam. */
  private void stay(int i, FloatBuffer probabilities, int start) {
    double staysBlank = probability(i) * probabilities.get(start);
    double staysInk = 0;
    if (node[i] != 0) {
      int last = added[node[i]];
      float value = probabilities.get(start + last);
      if (value >= NEGLIGIBLE) {
        staysInk = ink[i] * value;
        for (int j = 0; j < size; j++) {
          if (node[j] == parent[node[i]]) {
            staysInk += growth(j, last) * value;
          }
        }
      }
    }
    offer(node[i], NONE, staysBlank, staysInk);
  }

  /** The probability that goes on by {@code c}: a repeated character needs a blank between. */
  private double growth(int i, int c) {
    return added[node[i]] == c ? blank[i] : probability(i);
  }

  /** The beginning in the beam that continues {@code prefix} by {@code c}. */
  private int find(int prefix, int c) {
    for (int i = 0; i < size; i++) {
      if (parent[node[i]] == prefix && added[node[i]] == c) {
        return i;
      }
    }
    return NONE;
  }

  /** Sorts a candidate in, if it is among the best. */
  private void offer(int origin, int by, double blankPart, double inkPart) {
    double total = blankPart + inkPart;
    int at = nextSize;
    while (at > 0 && nextBlank[at - 1] + nextInk[at - 1] < total) {
      at--;
    }
    if (at == WIDTH) {
      return;
    }
    nextSize = Math.min(WIDTH, nextSize + 1);
    for (int i = nextSize - 1; i > at; i--) {
      from[i] = from[i - 1];
      character[i] = character[i - 1];
      nextBlank[i] = nextBlank[i - 1];
      nextInk[i] = nextInk[i - 1];
    }
    from[at] = origin;
    character[at] = by;
    nextBlank[at] = blankPart;
    nextInk[at] = inkPart;
  }

  private void advance() {
    size = nextSize;
    for (int i = 0; i < size; i++) {
      node[i] = character[i] == NONE ? from[i] : grow(from[i], character[i]);
      blank[i] = nextBlank[i];
      ink[i] = nextInk[i];
    }
  }

  /** The node of a text is always the same one, even if the beam forgot it for some columns. */
  private int grow(int prefix, int c) {
    for (int n = child[prefix]; n != NONE; n = sibling[n]) {
      if (added[n] == c) {
        return n;
      }
    }
    if (nodes == parent.length) {
      parent = Arrays.copyOf(parent, 2 * nodes);
      added = Arrays.copyOf(added, 2 * nodes);
      child = Arrays.copyOf(child, 2 * nodes);
      sibling = Arrays.copyOf(sibling, 2 * nodes);
    }
    parent[nodes] = prefix;
    added[nodes] = c;
    child[nodes] = NONE;
    sibling[nodes] = child[prefix];
    child[prefix] = nodes;
    return nodes++;
  }
}
