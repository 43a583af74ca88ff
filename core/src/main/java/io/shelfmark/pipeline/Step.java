package io.shelfmark.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * A piece of work with typed inputs and a result. Immutable and thread-safe; wiring a step to one
 * of another type does not compile.
 *
 * <pre>{@code
 * Step<TrainedModel> model =
 *     Step.named("train", TrainedModel.class)
 *         .input(photos)
 *         .input(epochs)
 *         .cached(CachePolicy.byInputs("trainer-v3"))
 *         .retry(RetryPolicy.attempts(4).on(IOException.class))
 *         .timeout(Duration.ofHours(2))
 *         .run((context, data, count) -> train(data, count));
 * }</pre>
 *
 * <p>By default a step is not cached, is called once, has no time limit, and runs in the queue
 * {@code default}. Its body must bear being called again: a process may die after it and before its
 * result is on record.
 */
public final class Step<T> implements Input<T> {

  private final StepSpec spec;
  private final ResultType<T> type;

  Step(StepSpec spec, ResultType<T> type) {
    this.spec = spec;
    this.type = type;
  }

  /**
   * Begins a step.
   *
   * @param name unlike every other's of the pipeline; part of the cache key
   * @param type of its result
   * @throws IllegalArgumentException when the name is not one
   */
  public static <T> StepBuilder.NoInput<T> named(String name, Class<T> type) {
    return named(name, ResultType.of(type));
  }

  /** Begins a step whose result is a list or may be missing. */
  public static <T> StepBuilder.NoInput<T> named(String name, ResultType<T> type) {
    return new StepBuilder.NoInput<>(name, type);
  }

  /**
   * Begins a step that runs a program, such as a training in Python.
   *
   * @param command the program and its arguments; {@code {NAME}} stands for the path or text of the
   *     input of that name
   */
  public static CommandBuilder command(String name, String... command) {
    return new CommandBuilder(name, List.of(command));
  }

  /**
   * Begins a step that is done for each element of a list that is known only when the pipeline
   * runs; its result is the list of theirs, in order.
   *
   * @param type of the result of one
   */
  public static <E, T> FanOutBuilder<E, T> forEach(
      String name, Input<List<E>> elements, Class<T> type) {
    return new FanOutBuilder<>(name, elements, type);
  }

  /**
   * Begins a step that is another pipeline. Its steps become steps of this one, named {@code
   * NAME/STEP}; their cached results are those that the pipeline has on its own. A pipeline is made
   * of steps that are there, so it cannot contain itself.
   */
  public static <T> SubPipelineBuilder<T> pipeline(String name, Pipeline<T> pipeline) {
    return new SubPipelineBuilder<>(name, pipeline);
  }

  /**
   * The same step, done only if another one says so; its result is empty otherwise. Its name stays.
   */
  public Step<Optional<T>> onlyIf(Input<Boolean> condition) {
    if (type.shape() != ResultType.Shape.ONE) {
      throw new IllegalArgumentException(
          "Cannot make step %s conditional: found the result type %s, expected one that is not wrapped"
              .formatted(name(), type));
    }
    @SuppressWarnings("unchecked") // the shape is ONE: the element is the type
    Class<T> element = (Class<T>) type.element();
    return new Step<>(spec.onlyIf(condition), ResultType.optionalOf(element));
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public ResultType<T> type() {
    return type;
  }

  /** What it takes, in order; a condition last. */
  public List<Input<?>> inputs() {
    return spec.inputs();
  }

  /** Where it runs; queues are names of pools of workers, such as {@code gpu}. */
  public String queue() {
    return spec.queue();
  }

  StepSpec spec() {
    return spec;
  }

  @Override
  public String toString() {
    return "step " + name();
  }
}
