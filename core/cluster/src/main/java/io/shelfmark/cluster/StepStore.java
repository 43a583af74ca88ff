package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepResult;
import io.shelfmark.pipeline.StepState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The truth about steps. Tickets may come twice, and their owners may come late; a step is settled
 * once all the same:
 *
 * <ol>
 *   <li>{@link StepClaims#begin} raises the step's epoch, which never resets, and writes down a
 *       holder, of a name that is used once.
 *   <li>A commit holds only for that epoch and holder, and the tickets of the steps that it lets
 *       begin are put in the same transaction.
 *   <li>A commit that finds no such row reads what is there: its own result, when the answer to an
 *       earlier try was lost; else it was fenced, and counts for nothing.
 * </ol>
 *
 * <p>Each step counts how many of those it takes from are missing; each that is settled counts
 * down, in the database, so that no one loads a whole run. Thread-safe.
 */
final class StepStore {

  private final Database database;
  private final Tickets tickets;

  /** What became of a commit. */
  sealed interface Commit permits Settled, Fenced {}

  /**
   * It is on record, by this call or by an earlier try of the same.
   *
   * @param at when, where this call did it
   * @param end the end of the run, when this call brought it
   */
  record Settled(Optional<Instant> at, Optional<RunEvent.RunEnded> end) implements Commit {
    static final Settled NOTHING_MORE = new Settled(Optional.empty(), Optional.empty());
  }

  /** Another has the step now, or has settled it, or the run has ended. */
  record Fenced(String found) implements Commit {}

  StepStore(Database database, Tickets tickets) {
    this.database = database;
    this.tickets = tickets;
  }

  /**
   * Those that take from it are locked in one order: two that lock them at once do not wait. An
   * element counts in its part, and only the last of a part counts in the step.
   */
  private static final String COMMIT =
      """
      WITH done AS (
        UPDATE shelfmark_pipeline_steps
        SET state = ?, result = ?, digest = ?, versions = ?, cached_from = ?, failure = ?,
          failures = failures + ?, holder = NULL, ended_at = clock_timestamp()
        WHERE run = ? AND node = ? AND place = ? AND epoch = ? AND holder = ? AND state = 'RUNNING'
        RETURNING run, node, place, epoch, began_at, ended_at, failure, takers),
      noted AS (
        INSERT INTO shelfmark_pipeline_attempts
        SELECT run, node, place, epoch, began_at, ended_at, failure FROM done WHERE ?),
      part AS (
        UPDATE shelfmark_pipeline_parts p SET missing = p.missing - 1
        FROM done
        WHERE done.place >= 0 AND p.run = done.run AND p.node = done.node
          AND p.part = done.place %% %d
        RETURNING p.missing),
      locked AS (
        SELECT s.node FROM shelfmark_pipeline_steps s, done
        WHERE s.run = ? AND s.place = -1 AND s.node = ANY (done.takers)
          AND (done.place < 0 OR EXISTS (SELECT 1 FROM part WHERE missing = 0))
        ORDER BY s.node FOR UPDATE OF s),
      counted AS (
        UPDATE shelfmark_pipeline_steps s
        SET missing = s.missing - 1, ticket = CASE s.missing WHEN 1 THEN s.ticket + 1 ELSE s.ticket END
        FROM locked WHERE s.run = ? AND s.place = -1 AND s.node = locked.node
        RETURNING s.node, s.queue, s.ticket, s.missing)
      SELECT c.node, c.queue, c.ticket, done.ended_at FROM done LEFT JOIN counted c ON c.missing = 0"""
          .formatted(FanOutStore.PARTS);

  /** Settles a step; an attempt at its code is noted when there was one. */
  Commit commit(StepClaims.Claim claim, Fate.Ended end, Attempted attempted, int priority)
      throws SQLException {
    return database.together(
        connection -> {
          Counted counted;
          try (PreparedStatement statement = commitStatement(connection, claim, end, attempted);
              ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
              return Rereading.settled(connection, claim, end);
            }
            counted = counted(row, claim.step().run(), priority);
          }
          tickets.put(connection, counted.ready());
          return new Settled(
              Optional.of(counted.at()),
              counted.isLast()
                  ? RunEndings.whole(connection, claim.step().run())
                  : Optional.empty());
        });
  }

  /** What can begin after a commit, and whether it was the run's last. */
  private record Counted(Instant at, List<Ticket> ready, boolean isLast) {}

  private static Counted counted(ResultSet row, RunId run, int priority) throws SQLException {
    Instant at = Rows.instant(row, "ended_at").orElseThrow();
    List<Ticket> ready = new ArrayList<>();
    boolean isLast = false;
    do {
      String node = row.getString("node");
      if (StepKey.END.equals(node)) {
        isLast = true;
      } else if (node != null) {
        ready.add(
            Ticket.of(
                StepKey.of(run, node),
                row.getInt("ticket"),
                Rows.required(row, "queue"),
                priority,
                Duration.ZERO));
      }
    } while (row.next());
    return new Counted(at, ready, isLast);
  }

  /** Whether a step's code was called. */
  enum Attempted {
    YES,
    NO
  }

  private static PreparedStatement commitStatement(
      Connection connection, StepClaims.Claim claim, Fate.Ended end, Attempted attempted)
      throws SQLException {
    @Nullable StepResult result = end.result().orElse(null);
    String run = claim.step().run().value();
    return Rows.prepare(
        connection,
        COMMIT,
        end.state().name(),
        result == null ? null : result.json(),
        result == null ? null : result.digest().toString(),
        Rows.versions(connection, result == null ? List.of() : result.versions()),
        result == null ? null : result.cachedFrom().map(RunId::value).orElse(null),
        end.failure().map(Rows::storable).orElse(null),
        end.state() == StepState.FAILED && attempted == Attempted.YES ? 1 : 0,
        run,
        claim.step().node(),
        claim.step().place(),
        claim.epoch(),
        claim.holder(),
        attempted == Attempted.YES,
        run,
        run);
  }

  private static final String FAILED =
      """
      WITH done AS (
        UPDATE shelfmark_pipeline_steps
        SET state = 'WAITING', holder = NULL, failures = failures + 1, ticket = ticket + 1
        WHERE run = ? AND node = ? AND place = ? AND epoch = ? AND holder = ? AND state = 'RUNNING'
        RETURNING run, node, place, epoch, began_at, ticket, queue),
      noted AS (
        INSERT INTO shelfmark_pipeline_attempts
        SELECT run, node, place, epoch, began_at, clock_timestamp(), ? FROM done)
      SELECT ticket, queue, clock_timestamp() AS at FROM done""";

  /** Notes an attempt that gave nothing; the step waits for the next one. */
  Commit failed(StepClaims.Claim claim, String failure, Duration wait, int priority)
      throws SQLException {
    StepKey step = claim.step();
    return database.together(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      FAILED,
                      step.run().value(),
                      step.node(),
                      step.place(),
                      claim.epoch(),
                      claim.holder(),
                      Rows.storable(failure));
              ResultSet row = statement.executeQuery()) {
            if (row.next()) {
              tickets.put(
                  connection,
                  List.of(
                      Ticket.of(
                          step,
                          row.getInt("ticket"),
                          Rows.required(row, "queue"),
                          priority,
                          wait)));
              return new Settled(Rows.instant(row, "at"), Optional.empty());
            }
          }
          return Rereading.failed(connection, claim, Rows.storable(failure));
        });
  }
}
