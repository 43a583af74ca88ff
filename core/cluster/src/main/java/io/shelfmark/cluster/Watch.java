package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each process looks at again and again: steps that are no longer its own, as those of a run
 * that was cancelled elsewhere; deadlines, limits, what ended runs keep, steps without a ticket.
 * Thread-safe; the runner closes it.
 */
final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  private final RunStore runs;
  private final StepStore steps;
  private final RunEndings endings;
  private final Records records;
  private final Limits limits;
  private final Attempts attempts;
  private final Reconciler reconciler;
  private final StepWorker worker;
  private final OldRuns old;
  private final Consumer<RunEvent.RunEnded> ended;
  private final List<Future<?>> looks = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Threads.daemons("shelfmark-cluster-watch"));

  Watch(
      RunStore runs,
      StepStore steps,
      RunEndings endings,
      Records records,
      Limits limits,
      Attempts attempts,
      Reconciler reconciler,
      StepWorker worker,
      OldRuns old,
      Consumer<RunEvent.RunEnded> ended) {
    this.runs = runs;
    this.steps = steps;
    this.endings = endings;
    this.records = records;
    this.limits = limits;
    this.attempts = attempts;
    this.reconciler = reconciler;
    this.worker = worker;
    this.old = old;
    this.ended = ended;
  }

  void start(Duration look, Duration reconcile, Duration sweep) {
    every(look, this::look);
    every(reconcile, this::reconcile);
    every(sweep, old::sweep);
  }

  /** What is done with a database that may be away. */
  @FunctionalInterface
  private interface Look {
    void run() throws SQLException;
  }

  private void every(Duration interval, Look look) {
    looks.add(
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                look.run();
              } catch (SQLException | RuntimeException e) {
                LOG.debug("Cannot look at the cluster now", e);
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  private void look() throws SQLException {
    endings.late().forEach(ended);
    List<StepStore.Claim> here = attempts.claims();
    if (!here.isEmpty()) {
      attempts.abandon(steps.lost(here));
    }
    limits.look();
  }

  private void reconcile() throws SQLException {
    reconciler.next();
    limits.tidyUp();
    for (RunId run : runs.toRelease()) {
      records.find(run).ifPresent(worker::release);
      runs.released(run);
    }
  }

  @Override
  public void close() {
    looks.forEach(look -> look.cancel(true));
    thread.shutdownNow();
  }
}
