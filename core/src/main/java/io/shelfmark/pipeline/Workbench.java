package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What an attempt at a step needs, wherever runs are on record. Thread-safe.
 *
 * @param workspace where results go
 * @param results those of cached steps
 * @param values how results are written
 * @param timer of waits and time limits; who made it closes it
 * @param secrets by name
 * @param folder where logs and work folders lie
 * @param logLimit bytes of one attempt's log
 */
record Workbench(
    Workspace workspace,
    StepResults results,
    Values values,
    ScheduledExecutorService timer,
    Function<String, Optional<String>> secrets,
    Path folder,
    long logLimit) {

  static Workbench in(
      Workspace workspace,
      ScheduledExecutorService timer,
      Function<String, Optional<String>> secrets,
      Path folder,
      long logLimit) {
    return new Workbench(
        workspace,
        workspace.stepResults(),
        new Values(workspace),
        timer,
        secrets,
        folder,
        logLimit);
  }

  Clock clock() {
    return results.clock();
  }

  Instant now() {
    return clock().instant();
  }

  Path runFolder(RunId run) {
    return folder.resolve("runs").resolve(run.value());
  }

  /** Runs a task after a while, unless the timer is closed first. */
  Optional<Future<?>> after(Duration wait, Runnable task) {
    try {
      return Optional.of(timer.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
  }

  /** Versions that an ended run's steps gave are no longer kept for the run. */
  void release(RunRecord ended) {
    ended.steps().stream()
        .filter(step -> step.result().filter(r -> !r.versions().isEmpty()).isPresent())
        .forEach(step -> results.release(ended.id(), step.name()));
  }
}
