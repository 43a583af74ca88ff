package io.shelfmark.tracking.store;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Something that a search compares or orders by: {@code Field.metric("val/mAP50").atLeast(0.9)}.
 * Immutable and thread-safe.
 *
 * @param kind of what it is
 * @param key of the metric, param or tag, or the name of the attribute
 */
public record Field(Kind kind, String key) {

  /** Of what a field is. */
  public enum Kind {
    /** The last point's value of a run's metric. */
    METRIC("metrics"),
    /** A param's value. */
    PARAM("params"),
    /** A tag's value. */
    TAG("tags"),
    /** Part of the record's head. */
    ATTRIBUTE("attributes"),
    /** Part of a dataset that a run used: {@code name}, {@code digest} or {@code context}. */
    DATASET("datasets");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** By which filters name it. */
    public String word() {
      return word;
    }
  }

  /** Checks that everything is there. */
  public Field {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(key, "key");
  }

  /** A metric. */
  public static Field metric(String key) {
    return new Field(Kind.METRIC, key);
  }

  /** A param. */
  public static Field param(String key) {
    return new Field(Kind.PARAM, key);
  }

  /** A tag. */
  public static Field tag(String key) {
    return new Field(Kind.TAG, key);
  }

  /** An attribute, such as {@code status}, {@code start_time}, {@code run_name} or {@code name}. */
  public static Field attribute(String name) {
    return new Field(Kind.ATTRIBUTE, name);
  }

  /** Equal to a text. */
  public Condition is(String value) {
    return new Condition(this, Operator.EQUAL, List.of(value));
  }

  /** Not equal to a text. */
  public Condition isNot(String value) {
    return new Condition(this, Operator.NOT_EQUAL, List.of(value));
  }

  /** Like a pattern in which {@code %} is any text and {@code _} any character. */
  public Condition like(String pattern) {
    return new Condition(this, Operator.LIKE, List.of(pattern));
  }

  /** The same, whatever the case. */
  public Condition likeIgnoringCase(String pattern) {
    return new Condition(this, Operator.ILIKE, List.of(pattern));
  }

  /** One of some texts. */
  public Condition in(Collection<String> values) {
    return new Condition(this, Operator.IN, List.copyOf(values));
  }

  /** Equal to a number. */
  public Condition is(double value) {
    return new Condition(this, Operator.EQUAL, List.of(value));
  }

  /** Greater than a number. */
  public Condition above(double value) {
    return new Condition(this, Operator.GREATER, List.of(value));
  }

  /** Greater than a number or equal to it. */
  public Condition atLeast(double value) {
    return new Condition(this, Operator.GREATER_OR_EQUAL, List.of(value));
  }

  /** Less than a number. */
  public Condition below(double value) {
    return new Condition(this, Operator.LESS, List.of(value));
  }

  /** Less than a number or equal to it. */
  public Condition atMost(double value) {
    return new Condition(this, Operator.LESS_OR_EQUAL, List.of(value));
  }

  /** Not on the record. */
  public Condition isMissing() {
    return new Condition(this, Operator.MISSING, List.of());
  }

  /** On the record. */
  public Condition isThere() {
    return new Condition(this, Operator.PRESENT, List.of());
  }

  /** The least first; what lacks the field last. */
  public Order ascending() {
    return new Order(this, Order.Direction.ASCENDING);
  }

  /** The greatest first; what lacks the field last. */
  public Order descending() {
    return new Order(this, Order.Direction.DESCENDING);
  }

  /** As filters name it: {@code metrics.`val/mAP50`}. */
  @Override
  public String toString() {
    return kind.word() + ".`" + key + "`";
  }
}
