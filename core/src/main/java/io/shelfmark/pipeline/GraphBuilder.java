package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Puts steps in order, those of sub-pipelines in their places. Used once; not thread-safe. */
final class GraphBuilder {

  private final String pipeline;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Node> byId = new LinkedHashMap<>();
  private final Map<String, Parameter<?>> parameters = new LinkedHashMap<>();

  /** The steps of one pipeline, whose names begin with a prefix. */
  private record Scope(
      String prefix, Map<String, Source> wired, List<Source> conditions, Map<Step<?>, Node> done) {}

  GraphBuilder(String pipeline) {
    this.pipeline = pipeline;
  }

  PipelineGraph build(List<Step<?>> results) {
    Scope scope = new Scope("", Map.of(), List.of(), new IdentityHashMap<>());
    results.forEach(step -> add(step, scope));
    for (String name : parameters.keySet()) {
      if (byId.containsKey(name)) {
        throw new IllegalArgumentException(
            "Cannot build pipeline %s: found a step and a parameter named %s, expected each name once (rename one)"
                .formatted(pipeline, name));
      }
    }
    return new PipelineGraph(pipeline, nodes, List.copyOf(parameters.values()));
  }

  /** A step on its way, and those of its inputs that were not looked at. */
  private record Open(Step<?> step, Iterator<Step<?>> rest) {

    static Open of(Step<?> step) {
      StepSpec spec = step.spec();
      Stream<Input<?>> inputs = Stream.concat(spec.arguments().stream(), spec.condition().stream());
      if (spec.work() instanceof StepSpec.SubPipeline sub) {
        inputs = Stream.concat(inputs, sub.wired().values().stream());
      }
      return new Open(
          step,
          inputs
              .filter(input -> input instanceof Step)
              .<Step<?>>map(input -> (Step<?>) input)
              .iterator());
    }
  }

  /** Inputs come first. On a stack of its own: a chain may have more steps than calls may nest. */
  private Node add(Step<?> step, Scope scope) {
    Deque<Open> open = new ArrayDeque<>();
    open.push(Open.of(step));
    while (!open.isEmpty()) {
      Open top = open.element();
      if (scope.done().containsKey(top.step())) {
        open.pop();
      } else if (top.rest().hasNext()) {
        open.push(Open.of(top.rest().next()));
      } else {
        addAlone(top.step(), scope);
        open.pop();
      }
    }
    return Objects.requireNonNull(scope.done().get(step));
  }

  private void addAlone(Step<?> step, Scope scope) {
    StepSpec spec = step.spec();
    List<Source> inputs = new ArrayList<>();
    spec.arguments().forEach(input -> inputs.add(source(input, scope)));
    List<Source> conditions =
        Stream.concat(
                scope.conditions().stream(),
                spec.condition().stream().map(input -> source(input, scope)))
            .toList();
    String id = scope.prefix() + step.name();
    if (spec.work() instanceof StepSpec.SubPipeline sub) {
      inputs.add(new FromStep(expand(id, sub, conditions, scope)));
    }
    Node node = new Node(nodes.size(), id, spec, step.type(), List.copyOf(inputs), conditions);
    if (byId.putIfAbsent(id, node) != null) {
      throw new IllegalArgumentException(
          "Cannot build pipeline %s: found two steps named %s, expected each name once (rename one)"
              .formatted(pipeline, id));
    }
    nodes.add(node);
    scope.done().put(step, node);
  }

  private Node expand(String id, StepSpec.SubPipeline sub, List<Source> conditions, Scope outer) {
    Map<String, Source> wired = new LinkedHashMap<>();
    sub.wired().forEach((parameter, input) -> wired.put(parameter, source(input, outer)));
    Scope inner = new Scope(id + "/", wired, conditions, new IdentityHashMap<>());
    // parameters that are not wired here may be wired further out, by the same name
    sub.pipeline()
        .parameters()
        .forEach(
            parameter -> wired.computeIfAbsent(parameter.name(), name -> source(parameter, outer)));
    sub.pipeline().roots().forEach(step -> add(step, inner));
    Node result = inner.done().get(sub.pipeline().result());
    if (result == null) {
      throw new IllegalStateException("the result is among the steps of " + sub.pipeline().name());
    }
    return result;
  }

  private Source source(Input<?> input, Scope scope) {
    if (input instanceof Step<?> step) {
      Node node = scope.done().get(step);
      return new FromStep(node == null ? add(step, scope) : node);
    }
    Parameter<?> parameter = (Parameter<?>) input;
    Source wired = scope.wired().get(parameter.name());
    if (wired != null) {
      return wired;
    }
    Parameter<?> other = parameters.putIfAbsent(parameter.name(), parameter);
    if (other != null && !other.equals(parameter)) {
      throw new IllegalArgumentException(
          "Cannot build pipeline %s: found two parameters named %s, %s = %s and %s = %s, expected each name once (rename one)"
              .formatted(
                  pipeline,
                  parameter.name(),
                  other.type(),
                  other.defaultValue(),
                  parameter.type(),
                  parameter.defaultValue()));
    }
    return new FromParameter(parameter);
  }
}
