package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.StepState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what steps gave on record, however long the database is away, and tells of it. Thread-safe.
 */
final class Commits {

  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  /** How long a result waits for a database that is away. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final StepStore steps;
  private final FanOutStore fanOuts;
  private final Consumer<RunEvent> told;

  Commits(StepStore steps, FanOutStore fanOuts, Consumer<RunEvent> told) {
    this.steps = steps;
    this.fanOuts = fanOuts;
    this.told = told;
  }

  /** Settles a step. */
  StepStore.Commit settle(
      StepClaims.Begun begun, Fate.Ended end, StepStore.Attempted attempted, int priority)
      throws SQLException, InterruptedException {
    StepStore.Commit commit =
        stubbornly(() -> steps.commit(begun.claim(), end, attempted, priority));
    if (commit instanceof StepStore.Settled settled) {
      StepKey step = begun.claim().step();
      Instant at = settled.at().orElse(begun.at());
      if (end.state() == StepState.FAILED && attempted == StepStore.Attempted.YES) {
        told.accept(
            new RunEvent.AttemptFailed(
                step.run(),
                at,
                step.name(),
                begun.claim().epoch(),
                end.failure().orElse(""),
                Optional.empty()));
      }
      told.accept(
          new RunEvent.StepEnded(
              step.run(), at, step.name(), end.state(), end.result(), end.failure()));
    }
    return commit;
  }

  /** Notes an attempt that is called again. */
  StepStore.Commit failed(StepClaims.Begun begun, Doing.Failed failed, int priority)
      throws SQLException, InterruptedException {
    StepStore.Commit commit =
        stubbornly(() -> steps.failed(begun.claim(), failed.failure(), failed.nextIn(), priority));
    if (commit instanceof StepStore.Settled settled) {
      StepKey step = begun.claim().step();
      told.accept(
          new RunEvent.AttemptFailed(
              step.run(),
              settled.at().orElse(begun.at()),
              step.name(),
              begun.claim().epoch(),
              failed.failure(),
              Optional.of(failed.nextIn())));
    }
    return commit;
  }

  /** Puts the elements of a fan-out on record. */
  StepStore.Commit expand(StepClaims.Begun begun, Fate.Each elements, int priority)
      throws SQLException, InterruptedException {
    return stubbornly(() -> fanOuts.expand(begun.claim(), elements, priority));
  }

  /** What is done until the database answers. */
  @FunctionalInterface
  private interface Committing {
    StepStore.Commit commit() throws SQLException;
  }

  /** The work is done: a database that is away is waited for. */
  private static StepStore.Commit stubbornly(Committing what)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long pause = SHORTEST_PAUSE.toNanos();
    while (true) {
      try {
        return what.commit();
      } catch (SQLException e) {
        if (!Database.isAway(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LOG.debug("A result waits for the database", e);
      }
      TimeUnit.NANOSECONDS.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE.toNanos());
    }
  }
}
