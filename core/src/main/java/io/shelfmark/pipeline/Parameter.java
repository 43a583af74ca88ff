package io.shelfmark.pipeline;

import java.util.List;
import java.util.Objects;

/**
 * A value that a run is started with, such as the number of epochs; a step takes it like another
 * step's result. Immutable and thread-safe.
 *
 * <pre>{@code
 * Parameter<Integer> epochs = Parameter.of("epochs", 20);
 * }</pre>
 */
public final class Parameter<T> implements Input<T> {

  private final String name;
  private final ResultType<T> type;
  private final T defaultValue;

  private Parameter(String name, ResultType<T> type, T defaultValue) {
    this.name = Names.require("parameter", name);
    this.type = type;
    this.defaultValue = defaultValue;
  }

  /**
   * A parameter of the type of its default value.
   *
   * @throws IllegalArgumentException when the name is not one
   */
  @SuppressWarnings("unchecked") // the class of a value is a class of its type
  public static <T> Parameter<T> of(String name, T defaultValue) {
    Objects.requireNonNull(defaultValue, "defaultValue");
    Class<?> type =
        defaultValue instanceof Enum<?> constant
            ? constant.getDeclaringClass()
            : defaultValue.getClass();
    return new Parameter<>(name, ResultType.of((Class<T>) type), defaultValue);
  }

  /** A parameter that is a list, such as one for {@link Step#forEach}. */
  public static <E> Parameter<List<E>> ofList(String name, Class<E> element, List<E> defaultValue) {
    return new Parameter<>(name, ResultType.listOf(element), List.copyOf(defaultValue));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ResultType<T> type() {
    return type;
  }

  /** What it is unless a run says otherwise. */
  public T defaultValue() {
    return defaultValue;
  }

  @Override
  public String toString() {
    return "parameter " + name;
  }
}
