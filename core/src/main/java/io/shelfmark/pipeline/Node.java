package io.shelfmark.pipeline;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A step in a pipeline's graph, where those of sub-pipelines stand beside the others.
 *
 * @param index in the graph's order, in which inputs come first
 * @param id its name, with those of the sub-pipelines it is in before it
 * @param spec what was said of it
 * @param type of its result
 * @param inputs where its arguments come from
 * @param conditions that all must be true for it to be done
 */
record Node(
    int index,
    String id,
    StepSpec spec,
    ResultType<?> type,
    List<Source> inputs,
    List<Source> conditions) {

  /** Where a value comes from. */
  sealed interface Source {
    /** As it is named in the graph. */
    String id();
  }

  /** The result of a step. */
  record FromStep(Node node) implements Source {
    @Override
    public String id() {
      return node.id();
    }
  }

  /** A parameter of the run. */
  record FromParameter(Parameter<?> parameter) implements Source {
    @Override
    public String id() {
      return parameter.name();
    }
  }

  /** The steps that it takes from. */
  Set<Node> from() {
    Set<Node> from = new LinkedHashSet<>();
    Stream.concat(inputs.stream(), conditions.stream())
        .forEach(
            source -> {
              if (source instanceof FromStep step) {
                from.add(step.node());
              }
            });
    return from;
  }

  boolean isFanOut() {
    return spec.work() instanceof StepSpec.FanOut;
  }

  boolean isSubPipeline() {
    return spec.work() instanceof StepSpec.SubPipeline;
  }

  /** The type of what its code returns. */
  ResultType<?> bodyType() {
    return isFanOut() || spec.condition().isPresent() ? ResultType.of(type.element()) : type;
  }

  /** The type of the elements of which a fan-out takes one at a time. */
  ResultType<?> elementType() {
    return ResultType.of(spec.arguments().get(0).type().element());
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return id;
  }
}
