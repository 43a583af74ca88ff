package io.shelfmark.pipeline;

import java.util.HashSet;
import java.util.Set;

/** A step and all that take from it. */
final class Downstream {

  private Downstream() {}

  static Set<Node> of(PipelineGraph graph, String step) {
    Set<Node> found = new HashSet<>();
    for (Node node : graph.nodes()) {
      boolean takes = node.from().stream().anyMatch(found::contains);
      if (takes || node.id().equals(step) || node.id().startsWith(step + "/")) {
        found.add(node);
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot rerun from step %s: found %s, expected one of them"
              .formatted(step, graph.steps()));
    }
    return found;
  }
}
