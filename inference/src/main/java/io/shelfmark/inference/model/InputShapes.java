package io.shelfmark.inference.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The shapes of input that a stage sends to its model, the batch first: the least extents, the
 * usual ones and the most. An engine that is built for shapes is built for these. Immutable and
 * thread-safe.
 */
public final class InputShapes {

  private final long[] least;
  private final long[] usual;
  private final long[] most;

  private InputShapes(long[] least, long[] usual, long[] most) {
    this.least = least;
    this.usual = usual;
    this.most = most;
  }

  /** Shapes of at least {@code extents}, and so far of no more. */
  public static InputShapes from(long... extents) {
    long[] only = extents.clone();
    return new InputShapes(only, only, only);
  }

  /**
   * The same with what is usual.
   *
   * @throws IllegalArgumentException when that is less than the least
   */
  public InputShapes mostly(long... extents) {
    return new InputShapes(least, requireFrom(least, extents), extents.clone());
  }

  /**
   * The same with the most.
   *
   * @throws IllegalArgumentException when that is less than what is usual
   */
  public InputShapes to(long... extents) {
    return new InputShapes(least, usual, requireFrom(usual, extents));
  }

  /** The same with batches of at least so many at most: what several callers put together. */
  public InputShapes batched(int most) {
    long[] extents = this.most.clone();
    extents[0] = Math.max(extents[0], most);
    return new InputShapes(least, usual, extents);
  }

  long[] least() {
    return least.clone();
  }

  /** {@code 1x3x64x64} and so on: the least, the usual, the most. */
  String leastText() {
    return text(least);
  }

  String usualText() {
    return text(usual);
  }

  String mostText() {
    return text(most);
  }

  @Override
  public String toString() {
    return text(least) + " to " + text(most);
  }

  private static long[] requireFrom(long[] less, long[] extents) {
    boolean rises = extents.length == less.length;
    for (int i = 0; rises && i < extents.length; i++) {
      rises = extents[i] >= less[i];
    }
    if (!rises) {
      throw new IllegalArgumentException(
          "Cannot extend input shapes: found %s, expected %s or more"
              .formatted(text(extents), text(less)));
    }
    return extents.clone();
  }

  private static String text(long[] extents) {
    return Arrays.stream(extents).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }
}
