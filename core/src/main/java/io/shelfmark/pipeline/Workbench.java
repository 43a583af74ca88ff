package io.shelfmark.pipeline;

import io.shelfmark.Workspace;
import io.shelfmark.internal.Spool;
import java.io.IOException;
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
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(Workbench.class);

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

  /** Versions that an ended run's steps gave, or may have given, are no longer kept for it. */
  void release(RunRecord ended) {
    ended.steps().stream()
        .filter(Workbench::mayKeepVersions)
        .forEach(step -> release(ended.id(), step.name(), lastAttempt(step)));
  }

  /** All attempts at a step, up to one of a number, keep nothing any more. */
  void release(RunId run, String step, int last) {
    IntStream.rangeClosed(1, last).forEach(attempt -> results.release(run, step, attempt));
  }

  /** A cached result is kept under the number of the attempt that it made needless. */
  private static int lastAttempt(StepRecord step) {
    int last = step.attempts().stream().mapToInt(StepRecord.Attempt::number).max().orElse(0);
    return step.state() == StepState.CACHED ? last + 1 : last;
  }

  static boolean mayKeepVersions(RunRecord run) {
    return run.steps().stream().anyMatch(Workbench::mayKeepVersions);
  }

  /** Attempts that failed, or whose process died, may have kept versions that no result names. */
  private static boolean mayKeepVersions(StepRecord step) {
    boolean names = step.result().filter(result -> !result.versions().isEmpty()).isPresent();
    int complete = step.result().isPresent() ? 1 : 0;
    return names || step.attempts().size() > complete;
  }

  /** Removes the folders of attempts that no process does any more. */
  void removeWorkFolders(RunId run) {
    Path work = runFolder(run).resolve("work");
    try {
      Spool.remove(work);
    } catch (IOException e) {
      LOG.warn("Cannot remove what an ended process left in {}", work, e);
    }
  }
}
