package io.shelfmark.pipeline;

import io.shelfmark.pipeline.StepSpec.Body;
import io.shelfmark.pipeline.StepSpec.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A step in the making; {@link Step#named} begins one. Each input adds its type to what {@code run}
 * takes. Not thread-safe, and good for one step.
 *
 * @param <B> what the options return, for chaining
 */
public abstract sealed class StepBuilder<B extends StepBuilder<B>>
    permits StepBuilder.NoInput,
        StepBuilder.OneInput,
        StepBuilder.TwoInputs,
        StepBuilder.ThreeInputs,
        StepBuilder.FourInputs,
        StepBuilder.ManyInputs,
        CommandBuilder,
        FanOutBuilder {

  private final String name;
  private final List<Input<?>> arguments = new ArrayList<>();
  private final Set<String> secrets = new TreeSet<>();
  private Optional<CachePolicy> cache = Optional.empty();
  private RetryPolicy retry = RetryPolicy.never();
  private Optional<Duration> timeout = Optional.empty();
  private String queue = "default";

  StepBuilder(String name) {
    this.name = Names.require("step", name);
  }

  StepBuilder(StepBuilder<?> before, List<? extends Input<?>> more) {
    this(before.name);
    arguments.addAll(before.arguments);
    more.forEach(this::argument);
    secrets.addAll(before.secrets);
    cache = before.cache;
    retry = before.retry;
    timeout = before.timeout;
    queue = before.queue;
  }

  /** Takes results of earlier runs whose inputs were the same; by default none. */
  public B cached(CachePolicy policy) {
    cache = Optional.of(policy);
    return self();
  }

  /** Calls again after a failure; by default not. */
  public B retry(RetryPolicy policy) {
    retry = Objects.requireNonNull(policy, "policy");
    return self();
  }

  /**
   * How long one attempt may take; it is interrupted then, and has failed. By default there is no
   * limit.
   *
   * @throws IllegalArgumentException when it is not positive
   */
  public B timeout(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException(
          "Cannot limit step %s to %s: expected more than nothing".formatted(name, limit));
    }
    timeout = Optional.of(limit);
    return self();
  }

  /** The pool of workers that it needs, such as {@code gpu}; {@code default} otherwise. */
  public B queue(String label) {
    queue = Names.require("queue", label);
    return self();
  }

  /**
   * A secret that {@link StepContext#secret} gives to the step. Its value is in no cache key, and
   * is masked in logs and messages.
   */
  public B secret(String secret) {
    secrets.add(secret);
    return self();
  }

  String name() {
    return name;
  }

  List<Input<?>> arguments() {
    return arguments;
  }

  void argument(Input<?> input) {
    arguments.add(Objects.requireNonNull(input, "input"));
  }

  <T> Step<T> finish(ResultType<T> type, Work work) {
    return new Step<>(
        new StepSpec(
            name, arguments, Optional.empty(), work, cache, retry, timeout, queue, secrets),
        type);
  }

  <T> Step<T> call(ResultType<T> type, Body body) {
    return finish(type, new StepSpec.Call(body));
  }

  @SuppressWarnings("unchecked") // each subclass names itself
  private B self() {
    return (B) this;
  }

  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // the inputs of a stage have the types of its parameters
  private static <A> A value(List<Object> values, int index) {
    return (A) values.get(index);
  }

  /** A step without inputs so far. */
  public static final class NoInput<T> extends StepBuilder<NoInput<T>> {
    private final ResultType<T> type;

    NoInput(String name, ResultType<T> type) {
      super(name);
      this.type = type;
    }

    /** Adds the first input. */
    public <A> OneInput<A, T> input(Input<A> input) {
      return new OneInput<>(this, input, type);
    }

    /** Takes any number of one type, as a list in this order. */
    public <A> ManyInputs<A, T> inputs(List<? extends Input<A>> inputs) {
      return new ManyInputs<>(this, inputs, type);
    }

    /** What the step does. */
    public Step<T> run(NoInput.Code<T> code) {
      return call(type, (context, values) -> code.run(context));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<T> {
      /** Gives the result. */
      @Nullable T run(StepContext context) throws Exception;
    }
  }

  /** A step with one input so far. */
  public static final class OneInput<A, T> extends StepBuilder<OneInput<A, T>> {
    private final ResultType<T> type;

    OneInput(StepBuilder<?> before, Input<A> input, ResultType<T> type) {
      super(before, List.of(input));
      this.type = type;
    }

    /** Adds the second input. */
    public <B> TwoInputs<A, B, T> input(Input<B> input) {
      return new TwoInputs<>(this, input, type);
    }

    /** What the step does. */
    public Step<T> run(OneInput.Code<A, T> code) {
      return call(type, (context, values) -> code.run(context, value(values, 0)));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<A, T> {
      /** Gives the result. */
      @Nullable T run(StepContext context, A first) throws Exception;
    }
  }

  /** A step with two inputs so far. */
  public static final class TwoInputs<A, B, T> extends StepBuilder<TwoInputs<A, B, T>> {
    private final ResultType<T> type;

    TwoInputs(StepBuilder<?> before, Input<B> input, ResultType<T> type) {
      super(before, List.of(input));
      this.type = type;
    }

    /** Adds the third input. */
    public <C> ThreeInputs<A, B, C, T> input(Input<C> input) {
      return new ThreeInputs<>(this, input, type);
    }

    /** What the step does. */
    public Step<T> run(TwoInputs.Code<A, B, T> code) {
      return call(type, (context, values) -> code.run(context, value(values, 0), value(values, 1)));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<A, B, T> {
      /** Gives the result. */
      @Nullable T run(StepContext context, A first, B second) throws Exception;
    }
  }

  /** A step with three inputs so far. */
  public static final class ThreeInputs<A, B, C, T> extends StepBuilder<ThreeInputs<A, B, C, T>> {
    private final ResultType<T> type;

    ThreeInputs(StepBuilder<?> before, Input<C> input, ResultType<T> type) {
      super(before, List.of(input));
      this.type = type;
    }

    /** Adds the fourth and last input; more come as a list. */
    public <D> FourInputs<A, B, C, D, T> input(Input<D> input) {
      return new FourInputs<>(this, input, type);
    }

    /** What the step does. */
    public Step<T> run(ThreeInputs.Code<A, B, C, T> code) {
      return call(
          type,
          (context, values) ->
              code.run(context, value(values, 0), value(values, 1), value(values, 2)));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<A, B, C, T> {
      /** Gives the result. */
      @Nullable T run(StepContext context, A first, B second, C third) throws Exception;
    }
  }

  /** A step with four inputs. */
  public static final class FourInputs<A, B, C, D, T>
      extends StepBuilder<FourInputs<A, B, C, D, T>> {
    private final ResultType<T> type;

    FourInputs(StepBuilder<?> before, Input<D> input, ResultType<T> type) {
      super(before, List.of(input));
      this.type = type;
    }

    /** What the step does. */
    public Step<T> run(FourInputs.Code<A, B, C, D, T> code) {
      return call(
          type,
          (context, values) ->
              code.run(
                  context, value(values, 0), value(values, 1), value(values, 2), value(values, 3)));
    }

    /** The code of such a step. */
    @FunctionalInterface
    public interface Code<A, B, C, D, T> {
      /** Gives the result. */
      @Nullable T run(StepContext context, A first, B second, C third, D fourth) throws Exception;
    }
  }

  /** A step that takes a list. */
  public static final class ManyInputs<A, T> extends StepBuilder<ManyInputs<A, T>> {
    private final ResultType<T> type;

    ManyInputs(StepBuilder<?> before, List<? extends Input<A>> inputs, ResultType<T> type) {
      super(before, inputs);
      this.type = type;
    }

    /** What the step does. */
    @SuppressWarnings("unchecked") // all inputs are of the element's type
    public Step<T> run(OneInput.Code<List<A>, T> code) {
      return call(type, (context, values) -> code.run(context, (List<A>) values));
    }
  }
}
