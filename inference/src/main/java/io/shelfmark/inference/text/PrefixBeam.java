package io.shelfmark.inference.text;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The best beginnings of a line so far: the likeliest by the network, weighed by a {@link Prior}. A
 * beginning is a node of a tree, its text the way from the root, so going on by a character copies
 * nothing; nodes lie in arrays that are kept from line to line. For one thread.
 */
final class PrefixBeam {

  /** Probabilities below it are not followed. */
  static final float NEGLIGIBLE = 1e-3f;

  private static final int NONE = -1;

  /** A state that is not known yet. */
  private static final int UNKNOWN = -1;

  // the tree: of each node its parent, the class it adds, its youngest child and its next sibling
  private int[] parent = new int[256];
  private int[] added = new int[256];
  private int[] child = new int[256];
  private int[] sibling = new int[256];
  private int nodes;

  // what the prior says of each node's text: its state and its weight
  private int[] state = new int[256];
  private double[] weight = new double[256];

  private final Prior prior;
  private final int width;

  // the beam, the best first: of each beginning its node, and the probability that the last
  // column was blank or was its last character
  private int size;
  private final int[] node;
  private final double[] blank;
  private final double[] ink;

  // what the beam becomes: beginnings that stay have their node, those that go on by a character
  // the node they come from and that character
  private int nextSize;
  private final int[] from;
  private final int[] character;
  private final double[] nextBlank;
  private final double[] nextInk;
  private final double[] nextWeight;
  private final double[] rank;

  /** A beam of {@code width} beginnings. */
  PrefixBeam(Prior prior, int width) {
    this.prior = prior;
    this.width = width;
    node = new int[width];
    blank = new double[width];
    ink = new double[width];
    from = new int[width];
    character = new int[width];
    nextBlank = new double[width];
    nextInk = new double[width];
    nextWeight = new double[width];
    rank = new double[width];
  }

  /** Starts a line: the empty text for certain. */
  void reset() {
    nodes = 1;
    parent[0] = NONE;
    added[0] = NONE;
    child[0] = NONE;
    state[0] = prior.begin();
    weight[0] = 1;
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

  /** Probability of beginning {@code i} by the network alone. */
  double probability(int i) {
    return blank[i] + ink[i];
  }

  /** The beginning that is best when the line ends here. */
  int best() {
    int best = 0;
    double highest = -1;
    for (int i = 0; i < size; i++) {
      double value = probability(i) * weight[node[i]] * prior.end(state(node[i]));
      if (value > highest) {
        highest = value;
        best = i;
      }
    }
    return best;
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
    if (probabilities.get(start) > 1 - NEGLIGIBLE) {
      skip(probabilities.get(start));
      return;
    }
    nextSize = 0;
    for (int i = 0; i < size; i++) {
      stay(i, probabilities, start);
    }
    for (int c = 1; c < classes; c++) {
      float value = probabilities.get(start + c);
      if (value >= NEGLIGIBLE) {
        for (int i = 0; i < size; i++) {
          double grown = growth(i, c) * value;
          // most never get in, and what the prior says of them need not be asked
          if (canEnter(grown * weight[node[i]] * prior.most()) && find(node[i], c) == NONE) {
            double preferred = weight[node[i]] * prior.weight(state(node[i]), c);
            offer(node[i], c, 0, grown, preferred);
          }
        }
      }
    }
    advance();
  }

  /** All else in a column whose blank is certain is negligible, and nobody overtakes another. */
  private void skip(float certain) {
    for (int i = 0; i < size; i++) {
      blank[i] = probability(i) * certain;
      ink[i] = 0;
    }
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
    offer(node[i], NONE, staysBlank, staysInk, weight[node[i]]);
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

  private boolean canEnter(double total) {
    return nextSize < width || total > rank[width - 1];
  }

  /** Sorts a candidate in, if it is among the best. */
  private void offer(int origin, int by, double blankPart, double inkPart, double preferred) {
    double total = (blankPart + inkPart) * preferred;
    int at = nextSize;
    while (at > 0 && rank[at - 1] < total) {
      at--;
    }
    if (at == width) {
      return;
    }
    nextSize = Math.min(width, nextSize + 1);
    for (int i = nextSize - 1; i > at; i--) {
      from[i] = from[i - 1];
      character[i] = character[i - 1];
      nextBlank[i] = nextBlank[i - 1];
      nextInk[i] = nextInk[i - 1];
      nextWeight[i] = nextWeight[i - 1];
      rank[i] = rank[i - 1];
    }
    from[at] = origin;
    character[at] = by;
    nextBlank[at] = blankPart;
    nextInk[at] = inkPart;
    nextWeight[at] = preferred;
    rank[at] = total;
  }

  private void advance() {
    size = nextSize;
    for (int i = 0; i < size; i++) {
      node[i] = character[i] == NONE ? from[i] : grow(from[i], character[i], nextWeight[i]);
      blank[i] = nextBlank[i];
      ink[i] = nextInk[i];
    }
  }

  /** The node of a text is always the same one, even if the beam forgot it for some columns. */
  private int grow(int prefix, int c, double preferred) {
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
      state = Arrays.copyOf(state, 2 * nodes);
      weight = Arrays.copyOf(weight, 2 * nodes);
    }
    parent[nodes] = prefix;
    added[nodes] = c;
    child[nodes] = NONE;
    sibling[nodes] = child[prefix];
    child[prefix] = nodes;
    state[nodes] = UNKNOWN;
    weight[nodes] = preferred;
    return nodes++;
  }

  /** Of many a node nobody asks. */
  private int state(int n) {
    if (state[n] == UNKNOWN) {
      state[n] = prior.next(state(parent[n]), added[n]);
    }
    return state[n];
  }
}
