package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Node.FromStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A step as an orchestrator has it: a task that comes after others. Sub-pipelines have no code and
 * are none: what takes from one comes after the steps in it.
 *
 * @param node of the graph
 * @param after the steps that end before it, in the graph's order
 */
record ExportedStep(Node node, List<String> after) {

  /** Time for a process to start, ask the store and write its result. */
  private static final Duration GRACE = Duration.ofMinutes(5);

  static List<ExportedStep> of(Pipeline<?> pipeline) {
    List<ExportedStep> steps = new ArrayList<>();
    for (Node node : pipeline.graph().nodes()) {
      if (!node.isSubPipeline()) {
        Set<Node> after = new LinkedHashSet<>();
        collect(node, after);
        steps.add(
            new ExportedStep(
                node,
                pipeline.graph().nodes().stream().filter(after::contains).map(Node::id).toList()));
      }
    }
    return steps;
  }

  private static void collect(Node node, Set<Node> after) {
    Stream.concat(node.inputs().stream(), node.conditions().stream())
        .filter(FromStep.class::isInstance)
        .map(source -> ((FromStep) source).node())
        .forEach(
            from -> {
              if (from.isSubPipeline()) {
                collect(from, after);
              } else {
                after.add(from);
              }
            });
  }

  String id() {
    return node.id();
  }

  /** The steps that no other comes after. */
  static List<String> last(List<ExportedStep> steps) {
    Set<String> taken = new LinkedHashSet<>();
    steps.forEach(step -> taken.addAll(step.after()));
    return steps.stream().map(ExportedStep::id).filter(id -> !taken.contains(id)).toList();
  }

  RetryPolicy retry() {
    return node.spec().retry();
  }

  String queue() {
    return node.spec().queue();
  }

  /** When the orchestrator ends its process; a fan-out's limit is that of each element. */
  Optional<Duration> processLimit() {
    return node.isFanOut() ? Optional.empty() : node.spec().timeout().map(GRACE::plus);
  }
}
