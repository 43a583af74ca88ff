package io.shelfmark.tracking.store;

import java.util.Objects;

/**
 * What a search puts first; records that lack the field come last.
 *
 * @param field by which
 * @param direction which end first
 */
public record Order(Field field, Direction direction) {

  /** Which end comes first. */
  public enum Direction {
    /** The least. */
    ASCENDING("ASC"),
    /** The greatest. */
    DESCENDING("DESC");

    private final String word;

    Direction(String word) {
      this.word = word;
    }

    /** By which orders and SQL name it. */
    public String word() {
      return word;
    }
  }

  /** Checks that everything is there. */
  public Order {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(direction, "direction");
  }

  /**
   * Reads an order as MLflow's clients write it, such as {@code metrics.acc DESC}.
   *
   * @throws InvalidRequestException when it is something else
   */
  public static Order parse(String text) {
    return FilterParser.order(text);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return field + " " + direction.word();
  }
}
