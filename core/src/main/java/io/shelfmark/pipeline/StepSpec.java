package io.shelfmark.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that was said of a step, apart from its result's type. */
record StepSpec(
    String name,
    List<Input<?>> arguments,
    Optional<Input<Boolean>> condition,
    Work work,
    Optional<CachePolicy> cache,
    RetryPolicy retry,
    Optional<Duration> timeout,
    String queue,
    Set<String> secrets) {

  /** What is done with the arguments' values. */
  sealed interface Work permits Call, FanOut, SubPipeline {}

  /** One call. */
  record Call(Body body) implements Work {}

  /** One call for each element of the first argument. */
  record FanOut(Body body) implements Work {}

  /** The steps of another pipeline, with some of its parameters wired. */
  record SubPipeline(Pipeline<?> pipeline, Map<String, Input<?>> wired) implements Work {}

  /** Code that is given the values of the step's arguments, in order. */
  @FunctionalInterface
  interface Body {
    @Nullable Object run(StepContext context, List<Object> values) throws Exception;
  }

  StepSpec {
    arguments = List.copyOf(arguments);
    secrets = Set.copyOf(secrets);
  }

  StepSpec onlyIf(Input<Boolean> input) {
    Objects.requireNonNull(input, "condition");
    return new StepSpec(
        name, arguments, Optional.of(input), work, cache, retry, timeout, queue, secrets);
  }

  List<Input<?>> inputs() {
    return Stream.concat(arguments.stream(), condition.stream()).<Input<?>>map(i -> i).toList();
  }
}
