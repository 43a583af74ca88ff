package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Node.FromParameter;
import io.shelfmark.pipeline.Node.FromStep;
import io.shelfmark.pipeline.Node.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a run has come through its graph: what settled steps gave, and which steps have all that
 * they take from. Each step counts what it misses, so that settling one costs no look at the whole
 * graph. Not thread-safe: its run guards it.
 */
final class Frontier {

  private final List<Node> nodes;
  private final Map<Node, List<Node>> takers = new HashMap<>();
  private final Map<Node, Integer> missing = new HashMap<>();
  private final Map<Node, Settled> settled = new HashMap<>();
  private final Map<String, Settled> parameters = new HashMap<>();
  private final Deque<Node> ready = new ArrayDeque<>();

  Frontier(PipelineGraph graph) {
    nodes = graph.nodes();
    for (Node node : nodes) {
      missing.put(node, node.from().size());
      node.from()
          .forEach(source -> takers.computeIfAbsent(source, key -> new ArrayList<>()).add(node));
    }
  }

  /** Steps that take from no other can begin, once the parameters are there. */
  void begin(Map<String, Settled> values) {
    parameters.putAll(values);
    nodes.stream().filter(node -> missing.getOrDefault(node, 0) == 0).forEach(ready::add);
  }

  /** The next step that can begin, which is given once. */
  Optional<Node> next() {
    return Optional.ofNullable(ready.poll());
  }

  /** Settles a step, once; those that wait for it alone can begin. */
  void settle(Node node, Settled what) {
    if (settled.putIfAbsent(node, what) != null) {
      return;
    }
    for (Node taker : takers.getOrDefault(node, List.of())) {
      if (missing.merge(taker, -1, Integer::sum) == 0) {
        ready.add(taker);
      }
    }
  }

  /** What a step that can begin takes from them. */
  List<Settled> values(List<Source> sources) {
    return sources.stream().map(this::value).toList();
  }

  private Settled value(Source source) {
    Settled found =
        source instanceof FromStep step
            ? settled.get(step.node())
            : parameters.get(((FromParameter) source).parameter().name());
    if (found == null) {
      throw new IllegalStateException("step begun before " + source.id());
    }
    return found;
  }

  Optional<Settled> settled(Node node) {
    return Optional.ofNullable(settled.get(node));
  }

  /** Whether all steps are settled. */
  boolean isComplete() {
    return settled.size() == nodes.size();
  }

  /** Whether no settled step is without a result. */
  boolean isWhole() {
    return settled.values().stream().noneMatch(Settled::isMissing);
  }
}
