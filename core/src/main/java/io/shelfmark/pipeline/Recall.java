package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Values.UnkeptException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is on record, as values again. Failures end the run. Thread-safe. */
record Recall(Values values) {

  /** A parameter's value, of its JSON. */
  Settled parameter(Parameter<?> parameter, @Nullable String json) {
    try {
      return value(
          parameter.type(),
          json == null ? parameter.defaultValue() : values.read(parameter.type(), json));
    } catch (UnkeptException e) {
      throw unreadable("parameter " + parameter.name(), e);
    }
  }

  /** A value that is at hand, such as an element of a list. */
  Settled value(ResultType<?> type, Object value) {
    try {
      return new Settled(StepState.SUCCEEDED, Optional.of(values.write(type, value)), value);
    } catch (UnkeptException e) {
      throw unreadable("a value of " + type, e);
    }
  }

  /** What a step gave. */
  Settled step(Node node, StepState state, Optional<StepResult> result) {
    if (result.isEmpty()) {
      return Settled.without(state);
    }
    return state == StepState.SKIPPED
        ? new Settled(state, result, Optional.empty())
        : read(node.id(), node.type(), state, result.get());
  }

  /** What an element gave. */
  Settled element(Task element, StepState state, StepResult result) {
    return read(element.id(), element.node().bodyType(), state, result);
  }

  Settled read(String step, ResultType<?> type, StepState state, StepResult result) {
    try {
      return new Settled(state, Optional.of(result), values.read(type, result.json()));
    } catch (UnkeptException e) {
      throw unreadable("the result of step " + step, e);
    }
  }

  private static IllegalStateException unreadable(String what, UnkeptException cause) {
    return new IllegalStateException(
        "Cannot read %s from the record of the run: found that %s, expected a value (run the pipeline anew)"
            .formatted(what, cause.getMessage()),
        cause);
  }
}
