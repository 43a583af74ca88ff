package io.shelfmark.cluster;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A queue that this process takes from: a scheduler of its own with its own threads. */
final class RunningQueue {

  /** A scheduler waits so long after its own interrupts, twice. */
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);

  private static final Duration NEVER = Duration.ofDays(36_500);

  /** Housekeeping of db-scheduler: heartbeats and the dead, each without waiting for the other. */
  static final int HOUSEKEEPERS = 3;

  private final Scheduler scheduler;
  private final TicketTask task;
  private final ExecutorService threads;

  RunningQueue(
      String label,
      int size,
      TicketTask task,
      SchedulerTickets.Settings settings,
      DatabaseClock clock) {
    this.task = task;
    this.threads = Executors.newFixedThreadPool(size, Threads.daemons("shelfmark-" + label));
    this.scheduler =
        Scheduler.create(settings.database(), task.task())
            .tableName(QueueTable.of(label).name())
            .schedulerName(new SchedulerName.Fixed(settings.owner()))
            .jdbcCustomization(new Picking())
            .clock(clock)
            .threads(size)
            .executorService(threads)
            .dueExecutor(
                Executors.newSingleThreadExecutor(Threads.daemons("shelfmark-poll-" + label)))
            .housekeeperExecutor(
                Executors.newScheduledThreadPool(
                    HOUSEKEEPERS, Threads.daemons("shelfmark-heartbeat-" + label)))
            .pollUsingLockAndFetch(0.5, 1.0)
            .pollingInterval(settings.poll())
            .heartbeatInterval(settings.heartbeats().interval())
            .missedHeartbeatsLimit(settings.heartbeats().limit())
            .deleteUnresolvedAfter(NEVER)
            .shutdownMaxWait(AFTER_INTERRUPT)
            .enablePriority()
            .build();
  }

  void start() {
    scheduler.start();
  }

  void wake() {
    scheduler.triggerCheckForDueExecutions();
  }

  void pause() {
    scheduler.pause();
  }

  void resume() {
    scheduler.resume();
    wake();
  }

  /** Waits until nothing is under way; answers whether that came before the deadline. */
  boolean awaitIdle(long deadlineNanos) {
    while (task.underWay() > 0) {
      if (System.nanoTime() - deadlineNanos >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  /** Interrupts what is still under way. */
  void stop(boolean idle) {
    if (!idle) {
      threads.shutdownNow();
    }
    scheduler.stop();
  }
}
