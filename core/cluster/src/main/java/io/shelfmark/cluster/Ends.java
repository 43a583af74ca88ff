package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Who waits for the end of a run: told at once of those that this process ends, and looking for the
 * others, less and less often. Thread-safe: it guards itself.
 */
final class Ends implements AutoCloseable {

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 500;

  private final RunStore runs;
  private final String name;
  private boolean closed;

  Ends(RunStore runs, String name) {
    this.runs = runs;
    this.name = name;
  }

  /** Some run has ended. */
  synchronized void tell() {
    notifyAll();
  }

  /** Waits for the end of a run; whether it has ended in that time. Interrupted, it says no. */
  boolean await(RunId run, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (!hasEnded(run)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || !pause(Math.min(left, pause))) {
        return hasEnded(run);
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
    return true;
  }

  private boolean hasEnded(RunId run) {
    try {
      return runs.ended(Set.of(run)).contains(run);
    } catch (SQLException e) {
      if (Database.isAway(e)) {
        return false;
      }
      throw Database.failure("look whether run " + run + " has ended", e);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's, which asks the database
  private synchronized boolean pause(long millis) {
    if (closed) {
      throw new IllegalStateException("the runner " + name + " is closed; the run goes on");
    }
    try {
      wait(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
