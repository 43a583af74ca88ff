package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepWorker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each process looks at again and again: steps that are no longer its own, as those of a run
 * that was cancelled elsewhere; deadlines, limits, what ended runs keep, steps without a ticket.
 * What works with the store has a thread of its own, so that no cancellation waits for it.
 * Thread-safe; the runner closes it.
 */
final class Watch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** How long the end waits for a look under way: its connection is the host's, who closes it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Tables tables;
  private final Attempts attempts;
  private final StepWorker worker;
  private final OldRuns old;
  private final LeftFolders folders;
  private final Consumer<RunEvent.RunEnded> ended;
  private final ScheduledExecutorService quick =
      Executors.newSingleThreadScheduledExecutor(Threads.daemons("shelfmark-cluster-watch"));
  private final ScheduledExecutorService slow =
      Executors.newSingleThreadScheduledExecutor(Threads.daemons("shelfmark-cluster-tidy"));

  /** The run after which the next ones to release come; of the slow thread alone. */
  private @Nullable RunId lastReleased;

  Watch(
      Tables tables,
      Attempts attempts,
      StepWorker worker,
      OldRuns old,
      LeftFolders folders,
      Consumer<RunEvent.RunEnded> ended) {
    this.tables = tables;
    this.attempts = attempts;
    this.worker = worker;
    this.old = old;
    this.folders = folders;
    this.ended = ended;
  }

  void start(Duration look, Duration reconcile, Duration sweep) {
    every(quick, look, () -> tables.endings().late().forEach(ended));
    every(quick, look, this::abandonLost);
    every(quick, look, tables.limits()::look);
    every(slow, reconcile, tables.reconciler()::next);
    every(slow, reconcile, tables.limits()::tidyUp);
    every(slow, reconcile, this::release);
    every(slow, sweep, old::sweep);
    every(slow, sweep, folders::sweep);
  }

  /** What is done with a database that may be away. */
  @FunctionalInterface
  private interface Look {
    void run() throws SQLException;
  }

  private static void every(ScheduledExecutorService thread, Duration interval, Look look) {
    // what it throws is told in it, and it ends with its thread
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                look.run();
              } catch (SQLException e) {
                LOG.debug("Cannot look at the cluster now", e);
              } catch (RuntimeException e) {
                LOG.warn("Cannot look at the cluster now: {}; it is tried again", e.toString());
                LOG.debug("Cannot look at the cluster now", e);
              }
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void abandonLost() throws SQLException {
    List<StepClaims.Claim> here = attempts.claims();
    if (!here.isEmpty()) {
      attempts.abandon(tables.claims().lost(here));
    }
  }

  /** Some at a time, in order: those that cannot be released now do not hold up those behind. */
  private void release() throws SQLException {
    List<RunId> page = tables.runs().toRelease(lastReleased);
    lastReleased = page.size() < RunStore.TO_RELEASE ? null : page.get(page.size() - 1);
    for (RunId run : page) {
      if (slow.isShutdown()) {
        return;
      }
      try {
        tables.records().find(run).ifPresent(worker::release);
        tables.runs().released(run);
      } catch (RuntimeException e) {
        LOG.warn("Cannot release what run {} kept: {}; it is tried again", run, e.toString());
        LOG.debug("Cannot release what run {} kept", run, e);
      }
    }
  }

  /** A look under way is waited for; one that takes long is interrupted. */
  @Override
  public void close() {
    quick.shutdown();
    slow.shutdown();
    if (!hasEnded() && !interrupted()) {
      LOG.warn("A look at the cluster does not end; it may find the connections closed");
    }
  }

  private boolean interrupted() {
    quick.shutdownNow();
    slow.shutdownNow();
    return hasEnded();
  }

  private boolean hasEnded() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      return quick.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
          && slow.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
