package io.shelfmark.cluster;

import io.shelfmark.pipeline.Pipeline;
import io.shelfmark.pipeline.PipelineRun;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import java.time.Duration;

/** A run on the cluster, which any process looks at. Thread-safe. */
record ClusterRun<T>(ClusterRunner runner, Pipeline<T> pipeline, RunId id)
    implements PipelineRun<T> {

  private static final Duration EVER = Duration.ofDays(365);

  @Override
  public RunRecord record() {
    return runner
        .find(id)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot read run %s of %s: found it no longer on record, expected one that was not forgotten (ask sooner, or let retention keep more runs)"
                        .formatted(id, pipeline)));
  }

  @Override
  public T result() {
    while (true) {
      boolean ended = runner.awaitEnd(id, EVER);
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while it waited for a run, which goes on");
      }
      RunRecord record = record();
      if (ended && record.state() != RunState.RUNNING) {
        return runner.worker().result(pipeline, record);
      }
    }
  }

  @Override
  public boolean await(Duration limit) {
    try {
      return runner.awaitEnd(id, limit);
    } catch (IllegalStateException e) {
      return false; // the runner was closed
    }
  }
}
