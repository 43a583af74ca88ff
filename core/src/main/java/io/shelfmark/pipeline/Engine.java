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
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the runs of one runner share. Thread-safe; the runner closes it.
 *
 * @param workspace where results go
 * @param results those of cached steps
 * @param values how results are written
 * @param journal where events go
 * @param slots where attempts run
 * @param scheduler of waits and time limits
 * @param listeners who hear of events, on a thread of their own
 * @param secrets by name
 * @param folder where records, logs and work folders lie
 * @param logLimit bytes of one attempt's log
 */
record Engine(
    Workspace workspace,
    StepResults results,
    Values values,
    Journal journal,
    Slots slots,
    ScheduledExecutorService scheduler,
    Listeners listeners,
    Function<String, Optional<String>> secrets,
    Path folder,
    long logLimit) {

  Clock clock() {
    return results.clock();
  }

  Instant now() {
    return clock().instant();
  }

  Path runFolder(RunId run) {
    return folder.resolve("runs").resolve(run.value());
  }

  /** Puts an event on record, tells of it, then goes on. */
  void happened(RunEvent event, Journal.Wait wait, Consumer<RunEvent> then) {
    journal.append(
        event,
        wait,
        () -> {
          listeners.tell(event);
          then.accept(event);
        });
  }

  /** Runs a task after a while, unless the runner is closed first. */
  Optional<Future<?>> after(Duration wait, Runnable task) {
    try {
      return Optional.of(scheduler.schedule(task, wait.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
  }
}
