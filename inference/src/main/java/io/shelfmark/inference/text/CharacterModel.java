package io.shelfmark.inference.text;

import io.shelfmark.inference.ModelException;
import io.shelfmark.inference.model.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * How product names are spelled: an n-gram model of characters. Get the jar's with {@link
 * #bundled()}. Immutable and thread-safe.
 *
 * <p>Backoff (Katz, 1987) of Witten-Bell estimates (Witten and Bell, 1991). The n-grams are a tree,
 * level by level, the children of a node side by side and sorted; a node's link leads to the same
 * n-gram without its first character, so a text's state is the node of its longest known ending and
 * going on hashes and copies nothing. Letters are known without case, and the ten digits are one
 * symbol: the model may expect a digit, never which one. inference/training/README.md has the file.
 */
final class CharacterModel {

  /** The symbol of characters that the model does not know. */
  static final int UNKNOWN = -1;

  /** First bytes of a file: "SNAM". */
  static final int MAGIC = 0x534E414D;

  static final int FORMAT = 1;

  private static final String BUNDLED = "name-model";
  private static final int BEGIN = 0;
  private static final int END = 1;
  private static final int ROOT = 0;
  private static final int NONE = -1;

  /** Steps of a stored logarithm in one unit. */
  private static final double STEPS = 16;

  private final Map<Integer, Integer> symbolOf;
  private final int symbols;
  private final double reward;

  /** The weight of each stored logarithm. */
  private final double[] weight = new double[256];

  // of each node: its last symbol, the probability of it, and what an unknown child costs
  private final byte[] symbol;
  private final byte[] probability;
  private final byte[] backoff;

  /** Of each node its first child; its last one lies before the next node's first. */
  private final int[] firstChild;

  private final int[] link;

  /**
   * Of each node the longest ending of its n-gram that has children: what comes next asks there.
   */
  private final int[] resting;

  private CharacterModel(ByteBuffer file) {
    int order = file.get();
    require(order > 1);
    double share = file.getFloat();
    require(share >= 0);
    reward = Math.exp(file.getFloat());
    for (int i = 0; i < weight.length; i++) {
      weight[i] = Math.exp(-share * i / STEPS);
    }
    symbols = Byte.toUnsignedInt(file.get());
    symbolOf = new HashMap<>();
    for (int i = 0; i < symbols; i++) {
      byte[] characters = new byte[Byte.toUnsignedInt(file.get())];
      file.get(characters);
      int each = i;
      new String(characters, StandardCharsets.UTF_8)
          .codePoints()
          .forEach(character -> symbolOf.put(character, each));
    }
    int[] levels = new int[order];
    int nodes = 1;
    for (int i = 0; i < order; i++) {
      levels[i] = file.getInt();
      require(levels[i] >= 0 && levels[i] <= file.remaining());
      nodes += levels[i];
    }
    require(symbols > END && levels[0] == symbols);
    symbol = new byte[nodes];
    probability = new byte[nodes];
    backoff = new byte[nodes];
    firstChild = new int[nodes + 1];
    link = new int[nodes];
    resting = new int[nodes];
    readNodes(file, levels, nodes);
    linkNodes(levels);
  }

  private void readNodes(ByteBuffer file, int[] levels, int nodes) {
    Arrays.fill(firstChild, nodes);
    firstChild[ROOT] = 1;
    int at = 1;
    for (int level = 0; level < levels.length; level++) {
      int count = levels[level];
      file.get(symbol, at, count).get(probability, at, count);
      if (level + 1 < levels.length) {
        file.get(backoff, at, count);
        int child = at + count;
        for (int i = at; i < at + count; i++) {
          firstChild[i] = child;
          child += Byte.toUnsignedInt(file.get());
        }
        require(child == at + count + levels[level + 1]);
      }
      at += count;
    }
    require(!file.hasRemaining());
    for (int i = 0; i < symbols; i++) {
      require(Byte.toUnsignedInt(symbol[1 + i]) == i);
    }
  }

  /** Parents come before their children, so a child's link is a child of its parent's link. */
  private void linkNodes(int[] levels) {
    int inner = symbol.length - levels[levels.length - 1];
    for (int parent = 0; parent < inner; parent++) {
      for (int i = firstChild[parent]; i < firstChild[parent + 1]; i++) {
        require(Byte.toUnsignedInt(symbol[i]) < symbols);
        link[i] = parent == ROOT ? ROOT : child(link[parent], Byte.toUnsignedInt(symbol[i]));
        require(link[i] != NONE);
        resting[i] = firstChild[i] < firstChild[i + 1] ? i : resting[link[i]];
      }
    }
  }

  /**
   * Reads the model of this jar.
   *
   * @throws ModelException when it is missing or damaged
   */
  static CharacterModel bundled() {
    try (InputStream stream = ModelSource.class.getResourceAsStream(BUNDLED + ".bin")) {
      return read(BUNDLED, stream == null ? new byte[0] : stream.readAllBytes());
    } catch (IOException e) {
      throw damaged(BUNDLED, e);
    }
  }

  /**
   * The model in a file's bytes.
   *
   * @param name what messages call it
   * @throws ModelException when they are no such file, or a damaged one
   */
  static CharacterModel read(String name, byte[] bytes) {
    if (bytes.length < 2 * Integer.BYTES + 1 || ByteBuffer.wrap(bytes).getInt() != MAGIC) {
      throw new ModelException(
          "Cannot load character model %s: found %d bytes that do not begin with SNAM, expected a character model (rebuild the jar)"
              .formatted(name, bytes.length));
    }
    int end = bytes.length - Integer.BYTES;
    ByteBuffer file = ByteBuffer.wrap(bytes, Integer.BYTES, end - Integer.BYTES);
    int format = file.get();
    if (format != FORMAT) {
      throw new ModelException(
          "Cannot load character model %s: found format %d, expected %d (use the model of this version)"
              .formatted(name, format, FORMAT));
    }
    CRC32 check = new CRC32();
    check.update(bytes, 0, end);
    if ((int) check.getValue() != ByteBuffer.wrap(bytes).getInt(end)) {
      throw damaged(name, new IOException("checksum differs"));
    }
    try {
      return new CharacterModel(file.slice());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw damaged(name, e);
    }
  }

  private static ModelException damaged(String name, Exception cause) {
    return new ModelException(
        "Cannot load character model %s: found damaged contents, expected those written at its training (rebuild the jar)"
            .formatted(name),
        cause);
  }

  private static void require(boolean sound) {
    if (!sound) {
      throw new IllegalArgumentException("tree is not sound");
    }
  }

  /** The symbol that stands for a character; {@link #UNKNOWN} for one the model never saw. */
  int symbol(int character) {
    return symbolOf.getOrDefault(character, UNKNOWN);
  }

  /** The state at the beginning of a line. */
  int begin() {
    return resting[1 + BEGIN];
  }

  /**
   * The probability of a symbol after {@code state}, raised to the model's share, times the reward
   * of one more character, without which short texts would win.
   */
  double weight(int state, int next) {
    return reward * share(state, next);
  }

  /** What no {@link #weight} exceeds: that of a certain symbol. */
  double most() {
    return reward;
  }

  /** The probability that a line ends after {@code state}, raised to the model's share. */
  double end(int state) {
    return share(state, END);
  }

  private double share(int state, int next) {
    double cost = 1;
    int from = state;
    int found = child(from, next);
    while (found == NONE) {
      cost *= weight[Byte.toUnsignedInt(backoff[from])];
      from = link[from];
      found = child(from, next);
    }
    return cost * weight[Byte.toUnsignedInt(probability[found])];
  }

  /** The state after {@code next}; an unknown character hides what was before it. */
  int next(int state, int next) {
    if (next == UNKNOWN) {
      return ROOT;
    }
    int from = state;
    int found = child(from, next);
    while (found == NONE) {
      from = link[from];
      found = child(from, next);
    }
    return resting[found];
  }

  private int child(int node, int wanted) {
    if (node == ROOT) {
      return 1 + wanted;
    }
    int low = firstChild[node];
    int high = firstChild[node + 1] - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = Byte.toUnsignedInt(symbol[middle]);
      if (found == wanted) {
        return middle;
      }
      if (found < wanted) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }
}
