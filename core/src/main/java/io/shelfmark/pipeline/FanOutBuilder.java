package io.shelfmark.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step for each element of a list, in the making; {@link Step#forEach} begins one. Options such
 * as the cache, retries and the time limit hold for each element on its own. Not thread-safe, and
 * good for one step.
 */
public final class FanOutBuilder<E, T> extends StepBuilder<FanOutBuilder<E, T>> {

  private final Class<T> type;

  FanOutBuilder(String name, Input<List<E>> elements, Class<T> type) {
    super(name);
    this.type = type;
    argument(elements);
  }

  private FanOutBuilder(FanOutBuilder<E, T> before) {
    super(before, List.of());
    this.type = before.type;
  }

  /** Adds an input that all elements share. */
  public <A> With<E, A, T> input(Input<A> input) {
    FanOutBuilder<E, T> next = new FanOutBuilder<>(this);
    next.argument(input);
    return new With<>(next);
  }

  /** What is done for one element. */
  public Step<List<T>> run(OneInput.Code<E, T> code) {
    return each((context, values) -> code.run(context, FanOutBuilder.<E>value(values, 0)));
  }

  private Step<List<T>> each(StepSpec.Body body) {
    return finish(ResultType.listOf(type), new StepSpec.FanOut(body));
  }

  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // the builder's types are those of the inputs
  private static <V> V value(List<Object> values, int index) {
    return (V) values.get(index);
  }

  /** A step for each element, with an input that all share. */
  public static final class With<E, A, T> {
    private final FanOutBuilder<E, T> builder;

    private With(FanOutBuilder<E, T> builder) {
      this.builder = builder;
    }

    /** What is done for one element. */
    public Step<List<T>> run(Code<E, A, T> code) {
      return builder.each(
          (context, values) ->
              code.run(
                  context, FanOutBuilder.<E>value(values, 0), FanOutBuilder.<A>value(values, 1)));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<E, A, T> {
      /** Gives the result for one element. */
      @Nullable T run(StepContext context, E element, A shared) throws Exception;
    }
  }
}
