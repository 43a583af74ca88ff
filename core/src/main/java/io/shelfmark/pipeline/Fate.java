package io.shelfmark.pipeline;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What becomes of a step once all that it takes from is settled. For those who write a {@link
 * PipelineRunner}, not for hosts; {@link RunSteps} gives it. Immutable and thread-safe.
 */
public sealed interface Fate permits Fate.Ended, Fate.Each, Fate.Call {

  /**
   * It is settled, and nothing is to be done for it.
   *
   * @param state how it ended
   * @param result what it gave
   * @param failure why it gave nothing
   */
  record Ended(StepState state, Optional<StepResult> result, Optional<String> failure)
      implements Fate {
    /** Checks that everything is there. */
    public Ended {
      Objects.requireNonNull(state, "state");
      Objects.requireNonNull(result, "result");
      Objects.requireNonNull(failure, "failure");
    }
  }

  /** It is done for each element of a list; none may be there. */
  final class Each implements Fate {
    private final List<?> elements;
    private final ResultType<?> type;
    private final Recall recall;

    private Each(List<?> elements, ResultType<?> type, Recall recall) {
      this.elements = elements;
      this.type = type;
      this.recall = recall;
    }

    /** How many there are. */
    public int size() {
      return elements.size();
    }

    /**
     * The element at a place, as it is put on record.
     *
     * @throws IllegalStateException when it cannot be written
     */
    public StepResult element(int index) {
      return settled(index).result().orElseThrow();
    }

    Settled settled(int index) {
      return recall.value(type, elements.get(index));
    }
  }

  /** Its code is called: for a step as a whole, or for one element. */
  final class Call implements Fate {
    private final Task task;

    Call(Task task) {
      this.task = task;
    }

    Task task() {
      return task;
    }
  }

  /** Decides by what the step takes from; the result of an earlier run is asked for last. */
  static Fate of(
      Node node,
      List<Settled> conditions,
      List<Settled> inputs,
      Recall recall,
      Supplier<Optional<StepResult>> earlier) {
    if (conditions.stream().anyMatch(value -> !value.isMissing() && !value.isTrue())) {
      return new Ended(StepState.SKIPPED, Optional.of(StepResult.NOTHING), Optional.empty());
    }
    if (Stream.concat(conditions.stream(), inputs.stream()).anyMatch(Settled::isMissing)) {
      return new Ended(
          StepState.NOT_RUN,
          Optional.empty(),
          Optional.of("a step that it takes from has no result"));
    }
    Optional<StepResult> taken = earlier.get();
    if (taken.isPresent()) {
      return new Ended(StepState.CACHED, taken, Optional.empty());
    }
    if (node.isSubPipeline()) {
      return new Ended(
          StepState.SUCCEEDED, inputs.get(inputs.size() - 1).result(), Optional.empty());
    }
    if (node.isFanOut()) {
      return new Each((List<?>) inputs.get(0).requireValue(), node.elementType(), recall);
    }
    return new Call(Task.of(node, inputs));
  }

  /** What the elements of a fan-out are together, in order. */
  static Ended gathered(List<Ended> elements) {
    List<StepResult> results = elements.stream().flatMap(e -> e.result().stream()).toList();
    long length = results.stream().mapToLong(result -> result.json().length()).sum();
    Optional<Ended> refused = ungathered(elements.size(), results.size(), length);
    if (refused.isPresent()) {
      return refused.get();
    }
    return new Ended(StepState.SUCCEEDED, Optional.of(Settled.gathered(results)), Optional.empty());
  }

  /** Why elements have no result together, by their numbers and the characters of their results. */
  static Optional<Ended> ungathered(long elements, long results, long characters) {
    if (results < elements) {
      return Optional.of(
          failed("%d of %d elements have no result".formatted(elements - results, elements)));
    }
    return characters + elements + 1 > StepResult.LONGEST
        ? Optional.of(failed(StepResult.tooLong(characters)))
        : Optional.empty();
  }

  private static Ended failed(String why) {
    return new Ended(StepState.FAILED, Optional.empty(), Optional.of(why));
  }
}
