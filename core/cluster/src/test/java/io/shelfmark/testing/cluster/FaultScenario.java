package io.shelfmark.testing.cluster;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A failure and what must come of it, on real processes with heartbeats of 1 s x 4. Whatever
 * happens, all steps are done in the end, each has one commit, and no ticket lies about.
 */
public enum FaultScenario {
  /** A process is killed in the middle of its steps: another one takes them over. */
  KILL(Deaths::kill),
  /** A process stands still for longer than its death, and goes on: it comes too late. */
  STAND_STILL(Deaths::standStill),
  /** The database stops at once, and comes back. */
  DATABASE_STOPPED(Outages::databaseStopped),
  /** One process no longer reaches the database, and reaches it again. */
  CONNECTION_CUT(Outages::connectionCut),
  /** Steps that are done or being done get tickets more. */
  DUPLICATE_TICKETS(Crashes::duplicateTickets),
  /** A process crashes when its artifact is published and its result not on record. */
  CRASH_BEFORE_COMMIT(Crashes::beforeCommit),
  /** A process is killed when its result is on record and its ticket still there. */
  CRASH_AFTER_COMMIT(Crashes::afterCommit),
  /** Three processes watch one schedule, and are killed and replaced: each instant fires once. */
  CRON(Ticks::cron),
  /** A process is told to end: it ends what it has begun and takes no more. */
  DRAIN(Shares::drain),
  /** Many steps that do nothing: what the protocol costs. */
  THROUGHPUT(Shares::throughput),
  /** Twenty steps of 2 s for two at a time, and a process that is killed and replaced. */
  FAN_OUT(Shares::fanOut);

  private final Body body;

  FaultScenario(Body body) {
    this.body = body;
  }

  @FunctionalInterface
  private interface Body {
    Outcome run(FaultLab lab, Extent extent) throws Exception;
  }

  /** How long the failure lasts and how much is done meanwhile. */
  public enum Extent {
    /** As short as the failure allows: for tests. */
    SHORT,
    /** As the promise says. */
    FULL;

    Duration of(Duration shortOne, Duration full) {
      return this == SHORT ? shortOne : full;
    }

    int of(int shortOne, int full) {
      return this == SHORT ? shortOne : full;
    }
  }

  /** Whether it stops the database, which nobody else can use then. */
  public boolean needsItsOwnDatabase() {
    return this == DATABASE_STOPPED;
  }

  /** Whether others at work beside it would spoil its figures. */
  public boolean needsTheMachine() {
    return this == THROUGHPUT;
  }

  /**
   * Does it once.
   *
   * @param server where it makes a database of its own
   * @param folder a new one, for logs and the store
   * @throws IllegalStateException when something is lost, doubled, or left over
   */
  public Outcome run(FaultDatabase server, Path folder, Extent extent) throws Exception {
    try (FaultLab lab = FaultLab.open(server, folder)) {
      return body.run(lab, extent);
    }
  }
}
