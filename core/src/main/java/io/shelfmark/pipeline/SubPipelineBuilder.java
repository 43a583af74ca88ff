package io.shelfmark.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A pipeline as a step of another one, in the making; {@link Step#pipeline} begins one. Not
 * thread-safe.
 */
public final class SubPipelineBuilder<T> {

  private final String name;
  private final Pipeline<T> pipeline;
  private final Map<String, Input<?>> wired = new LinkedHashMap<>();

  SubPipelineBuilder(String name, Pipeline<T> pipeline) {
    this.name = Names.require("step", name);
    this.pipeline = Objects.requireNonNull(pipeline, "pipeline");
  }

  /**
   * Gives a parameter of that pipeline the result of a step, or another parameter. Parameters that
   * are not wired stay parameters of the whole, by their names.
   *
   * @throws IllegalArgumentException when that pipeline has no such parameter
   */
  public <P> SubPipelineBuilder<T> with(Parameter<P> parameter, Input<P> input) {
    if (!pipeline.parameters().contains(parameter)) {
      throw new IllegalArgumentException(
          "Cannot wire parameter %s of pipeline %s: found parameters %s, expected it among them"
              .formatted(
                  parameter.name(),
                  pipeline.name(),
                  pipeline.parameters().stream().map(Parameter::name).toList()));
    }
    wired.put(parameter.name(), Objects.requireNonNull(input, "input"));
    return this;
  }

  /** The step, whose result is that pipeline's. */
  public Step<T> step() {
    return new StepBuilder.NoInput<>(name, pipeline.result().type())
        .finish(pipeline.result().type(), new StepSpec.SubPipeline(pipeline, Map.copyOf(wired)));
  }
}
