package io.shelfmark.testing.cluster;

import java.util.List;

/**
 * What a repetition of a scenario measured. Whatever must hold has been checked before.
 *
 * @param figures those that have a limit
 */
public record Outcome(List<Figure> figures) {

  /**
   * A measured figure.
   *
   * @param name what of, with its unit
   * @param value how much
   * @param limit where it should stay
   * @param bound on which side of it the figure is good
   */
  public record Figure(String name, double value, double limit, Bound bound) {

    /** Whether the figure is within its limit. */
    public boolean isGood() {
      return bound == Bound.AT_MOST ? value <= limit : value >= limit;
    }
  }

  /** On which side of its limit a figure is good. */
  public enum Bound {
    /** Not above it. */
    AT_MOST,
    /** Not below it. */
    AT_LEAST
  }

  /** Copies the list. */
  public Outcome {
    figures = List.copyOf(figures);
  }

  static Outcome of(Figure... figures) {
    return new Outcome(List.of(figures));
  }

  static Figure atMost(String name, double value, double limit) {
    return new Figure(name, value, limit, Bound.AT_MOST);
  }

  static Figure atLeast(String name, double value, double limit) {
    return new Figure(name, value, limit, Bound.AT_LEAST);
  }
}
