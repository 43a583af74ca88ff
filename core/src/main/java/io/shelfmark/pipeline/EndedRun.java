package io.shelfmark.pipeline;

import io.shelfmark.pipeline.Values.UnkeptException;
import java.time.Duration;

/** A run on record. */
record EndedRun<T>(Values values, Pipeline<T> pipeline, RunRecord record)
    implements PipelineRun<T> {

  @Override
  public RunId id() {
    return record.id();
  }

  @Override
  @SuppressWarnings("unchecked") // what the step of that type gave
  public T result() {
    StepResult result =
        record
            .step(pipeline.result().name())
            .filter(step -> record.state() == RunState.SUCCEEDED)
            .flatMap(StepRecord::result)
            .orElseThrow(() -> new RunFailedException(record));
    try {
      return (T) values.read(pipeline.result().type(), result.json());
    } catch (UnkeptException e) {
      throw new IllegalStateException("the result of run " + record.id() + " cannot be read", e);
    }
  }

  @Override
  public boolean await(Duration limit) {
    return true;
  }
}
