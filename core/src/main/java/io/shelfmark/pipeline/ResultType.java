package io.shelfmark.pipeline;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The type of a step's result: a class, a list of one, or one that may be missing. Results are kept
 * as JSON, so a class is a record, an enum, a text, a number, a version of an artifact or dataset,
 * or whatever else Jackson writes and reads again. Immutable and thread-safe.
 */
@SuppressWarnings("UnusedTypeParameter") // it is what the compiler checks wires by
public final class ResultType<T> {

  /** How the class is wrapped. */
  enum Shape {
    ONE,
    LIST,
    OPTIONAL
  }

  private final Class<?> element;
  private final Shape shape;

  private ResultType(Class<?> element, Shape shape) {
    this.element = Objects.requireNonNull(element, "type");
    if (element.isPrimitive()
        || element == Object.class
        || element == Void.class
        || element == Optional.class
        || Collection.class.isAssignableFrom(element)
        || Map.class.isAssignableFrom(element)) {
      throw new IllegalArgumentException(
          "Cannot keep results of %s: expected a class that says what is in it (a record, or ResultType.listOf)"
              .formatted(element.getName()));
    }
    this.shape = shape;
  }

  /** One of a class. */
  public static <T> ResultType<T> of(Class<T> type) {
    return new ResultType<>(type, Shape.ONE);
  }

  /** Any number of a class, in order. */
  public static <T> ResultType<List<T>> listOf(Class<T> element) {
    return new ResultType<>(element, Shape.LIST);
  }

  /** One of a class, or none. */
  public static <T> ResultType<Optional<T>> optionalOf(Class<T> element) {
    return new ResultType<>(element, Shape.OPTIONAL);
  }

  /** The class, without what wraps it. */
  public Class<?> element() {
    return element;
  }

  Shape shape() {
    return shape;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResultType<?> type
        && element.equals(type.element)
        && shape == type.shape;
  }

  @Override
  public int hashCode() {
    return Objects.hash(element, shape);
  }

  /** The class's name, in {@code List<>} or {@code Optional<>} where it is wrapped. */
  @Override
  public String toString() {
    return switch (shape) {
      case ONE -> element.getName();
      case LIST -> "List<" + element.getName() + ">";
      case OPTIONAL -> "Optional<" + element.getName() + ">";
    };
  }
}
