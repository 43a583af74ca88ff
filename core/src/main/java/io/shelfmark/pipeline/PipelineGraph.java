package io.shelfmark.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.shelfmark.storage.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The steps of a pipeline and what they take from each other; those of sub-pipelines are among
 * them. Get it from {@link Pipeline#graph()}. Immutable and thread-safe.
 */
public final class PipelineGraph {

  private final String pipeline;
  private final List<Node> nodes;
  private final List<Parameter<?>> parameters;
  private final Map<String, Node> byId = new HashMap<>();
  private final Digest digest;

  PipelineGraph(String pipeline, List<Node> nodes, List<Parameter<?>> parameters) {
    this.pipeline = pipeline;
    this.nodes = List.copyOf(nodes);
    this.parameters = parameters;
    this.nodes.forEach(node -> byId.put(node.id(), node));
    this.digest = Digest.of(description().getBytes(UTF_8));
  }

  List<Node> nodes() {
    return nodes;
  }

  /** The step of a name. */
  Optional<Node> node(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  List<Parameter<?>> parameters() {
    return parameters;
  }

  /** The steps' names, in an order in which each comes after those that it takes from. */
  public List<String> steps() {
    return nodes.stream().map(Node::id).toList();
  }

  /**
   * The identity of the graph: of the steps' names, types, wires, queues and code versions. A run
   * goes on only under the digest that it began with.
   */
  public Digest digest() {
    return digest;
  }

  private String description() {
    return nodes.stream()
        .map(
            node ->
                node.id()
                    + " "
                    + node.type()
                    + (node.isFanOut() ? " each " : " ")
                    + describe(node.inputs())
                    + " if "
                    + describe(node.conditions())
                    + " in "
                    + node.spec().queue()
                    + node.spec().cache().map(cache -> " at " + cache.codeVersion()).orElse(""))
        .collect(Collectors.joining("\n", pipeline + "\n", ""));
  }

  private static String describe(List<Node.Source> sources) {
    return sources.stream()
        .map(
            source ->
                source instanceof Node.FromParameter from
                    ? "parameter " + from.parameter().name() + " " + from.parameter().type()
                    : source.id())
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** A line for each step: {@code train <- photos, epochs}. */
  public String text() {
    StringBuilder text = new StringBuilder("pipeline ").append(pipeline).append('\n');
    for (Parameter<?> parameter : parameters) {
      text.append("  parameter %s = %s%n".formatted(parameter.name(), parameter.defaultValue()));
    }
    for (Node node : nodes) {
      text.append("  ").append(node.id());
      if (!node.inputs().isEmpty()) {
        text.append(node.isFanOut() ? " <- each of " : " <- ").append(names(node.inputs()));
      }
      if (!node.conditions().isEmpty()) {
        text.append(" if ").append(names(node.conditions()));
      }
      text.append('\n');
    }
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static String names(List<Node.Source> sources) {
    return sources.stream().map(Node.Source::id).collect(Collectors.joining(", "));
  }

  /** The graph for Graphviz. */
  public String dot() {
    StringBuilder dot = new StringBuilder("digraph \"%s\" {\n  rankdir=LR;\n".formatted(pipeline));
    parameters.forEach(
        parameter -> dot.append("  \"%s\" [shape=note];\n".formatted(parameter.name())));
    nodes.forEach(
        node ->
            dot.append(
                "  \"%s\" [shape=%s];\n".formatted(node.id(), node.isFanOut() ? "box3d" : "box")));
    for (Node node : nodes) {
      node.inputs()
          .forEach(from -> dot.append("  \"%s\" -> \"%s\";\n".formatted(from.id(), node.id())));
      node.conditions()
          .forEach(
              from ->
                  dot.append(
                      "  \"%s\" -> \"%s\" [style=dashed];\n".formatted(from.id(), node.id())));
    }
    return dot.append("}\n").toString();
  }

  /** The graph for Mermaid, as Markdown pages show it. */
  public String mermaid() {
    List<String> ids =
        Stream.concat(parameters.stream().map(Parameter::name), nodes.stream().map(Node::id))
            .toList();
    StringBuilder mermaid = new StringBuilder("flowchart LR\n");
    for (int i = 0; i < ids.size(); i++) {
      String shape = i < parameters.size() ? "  n%d([\"%s\"])\n" : "  n%d[\"%s\"]\n";
      mermaid.append(shape.formatted(i, ids.get(i)));
    }
    for (Node node : nodes) {
      int to = ids.indexOf(node.id());
      node.inputs()
          .forEach(from -> mermaid.append("  n%d --> n%d\n".formatted(ids.indexOf(from.id()), to)));
      node.conditions()
          .forEach(
              from -> mermaid.append("  n%d -.-> n%d\n".formatted(ids.indexOf(from.id()), to)));
    }
    return mermaid.toString();
  }
}
