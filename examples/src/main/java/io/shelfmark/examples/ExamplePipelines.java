package io.shelfmark.examples;

import io.shelfmark.examples.loop.LoopPipeline;
import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRunner;
import java.util.List;

/** The pipelines of the examples, by name. */
final class ExamplePipelines {

  private static final List<Pipeline<?>> ALL =
      List.of(FirstPipeline.create(), LoopPipeline.create());

  private ExamplePipelines() {}

  static List<Pipeline<?>> all() {
    return ALL;
  }

  /** Makes them known to a runner: what it does not know it can neither resume nor execute. */
  static void register(PipelineRunner runner) {
    ALL.forEach(runner::register);
  }

  /**
   * The pipeline of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Pipeline<?> require(String name) {
    return ALL.stream()
        .filter(pipeline -> pipeline.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot find pipeline %s: expected one of %s"
                        .formatted(name, ALL.stream().map(Pipeline::name).toList())));
  }
}
