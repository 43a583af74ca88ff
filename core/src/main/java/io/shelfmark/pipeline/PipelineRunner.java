package io.shelfmark.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * Does pipelines: {@link LocalRunner} in this process. One for each application is enough;
 * thread-safe. Who opened it closes it: running steps are interrupted then, and unfinished runs
 * stay on record for {@link #resume()}.
 *
 * <p>A step begins when every step that it takes from has its result on record. When one fails for
 * good, the steps that take from it are not run, and all others go on.
 */
public interface PipelineRunner extends AutoCloseable {

  /**
   * Makes a pipeline known, so that runs of it can be resumed. Earlier graphs of the same name stay
   * known: a run ends on the graph that it began with.
   */
  void register(Pipeline<?> pipeline);

  /**
   * Starts a run, which is on record when the call returns; registers the pipeline.
   *
   * @throws IllegalArgumentException when the options name a parameter or step that is not there,
   *     or a value of another type
   */
  <T> PipelineRun<T> start(Pipeline<T> pipeline, RunOptions options);

  /** Starts a run with the defaults. */
  default <T> PipelineRun<T> start(Pipeline<T> pipeline) {
    return start(pipeline, RunOptions.defaults());
  }

  /**
   * Starts a run and waits for its result.
   *
   * @throws RunFailedException when it has none
   */
  default <T> PipelineRun<T> run(Pipeline<T> pipeline, RunOptions options) {
    PipelineRun<T> run = start(pipeline, options);
    run.result();
    return run;
  }

  /** The same with the defaults. */
  default <T> PipelineRun<T> run(Pipeline<T> pipeline) {
    return run(pipeline, RunOptions.defaults());
  }

  /**
   * Takes on the runs that an ended process left, from their last steps on record: those whose
   * pipeline is registered with the graph that they began with. The others wait.
   */
  List<PipelineRun<?>> resume();

  /** The record of a run, if there is one. */
  Optional<RunRecord> find(RunId run);

  /** The records of a pipeline's runs, the last one first. */
  List<RunRecord> runs(String pipeline);

  /** What a step's attempts logged; empty when they logged nothing. */
  String log(RunId run, String step);

  /**
   * Cancels a run: running steps are interrupted, and no others begin. Nothing happens when it has
   * ended, or there is none.
   */
  void cancel(RunId run, String reason);

  /** Tells what a run would do, step by step and why, without doing anything. */
  Explanation explain(Pipeline<?> pipeline, RunOptions options);

  /** The same with the defaults. */
  default Explanation explain(Pipeline<?> pipeline) {
    return explain(pipeline, RunOptions.defaults());
  }

  @Override
  void close();
}
