package io.shelfmark.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Steps that belong together, and the one whose result is the whole's. Made with {@link #of}; a
 * {@link PipelineRunner} does it. Immutable and thread-safe.
 */
public final class Pipeline<T> {

  private final String name;
  private final Step<T> result;
  private final List<Step<?>> roots;
  private final PipelineGraph graph;

  private Pipeline(String name, Step<T> result, List<Step<?>> roots) {
    this.name = Names.require("pipeline", name);
    this.result = Objects.requireNonNull(result, "result");
    this.roots = roots;
    this.graph = new GraphBuilder(name).build(roots);
  }

  /**
   * A pipeline of steps and all that they take from.
   *
   * @param result the step whose result is the pipeline's
   * @param further steps that nothing else takes from
   * @throws IllegalArgumentException when two steps or parameters have one name
   */
  public static <T> Pipeline<T> of(String name, Step<T> result, Step<?>... further) {
    List<Step<?>> roots = new ArrayList<>();
    roots.add(Objects.requireNonNull(result, "result"));
    roots.addAll(List.of(further));
    return new Pipeline<>(name, result, List.copyOf(roots));
  }

  /** Its name, by which a runner knows it. */
  public String name() {
    return name;
  }

  /** The step whose result is the pipeline's. */
  public Step<T> result() {
    return result;
  }

  /** What a run may set. */
  public List<Parameter<?>> parameters() {
    return graph.parameters();
  }

  /** Its steps and wires. */
  public PipelineGraph graph() {
    return graph;
  }

  List<Step<?>> roots() {
    return roots;
  }

  @Override
  public String toString() {
    return "pipeline " + name;
  }
}
