package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs none of whose steps begin. Workers drop the tickets of a paused run, so that it takes no
 * place from others; its steps are given new ones when it goes on. Thread-safe.
 */
final class Pauses {

  private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);

  /** When a worker that took a ticket of a paused run has dropped it. */
  private static final Duration DROPPED_BY = Duration.ofSeconds(2);

  private final RunStore runs;
  private final Reconciler reconciler;
  private final ScheduledExecutorService timer;

  Pauses(RunStore runs, Reconciler reconciler, ScheduledExecutorService timer) {
    this.runs = runs;
    this.reconciler = reconciler;
    this.timer = timer;
  }

  void begin(RunId run) {
    runs.pause(run, true);
  }

  void end(RunId run) {
    try {
      if (runs.pause(run, false)) {
        reconciler.all(run);
        lookOnceMore(run);
      }
    } catch (SQLException e) {
      throw Database.failure("resume run " + run, e);
    }
  }

  /** A ticket that is being dropped, for the run was paused, was still there. */
  private void lookOnceMore(RunId run) {
    try {
      var unused =
          timer.schedule(
              () -> {
                try {
                  reconciler.all(run);
                } catch (SQLException | RuntimeException e) {
                  LOG.debug("Cannot look at run {} now; the reconciler does", run, e);
                }
              },
              DROPPED_BY.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The runner is closed; others look at run {}", run, e);
    }
  }
}
