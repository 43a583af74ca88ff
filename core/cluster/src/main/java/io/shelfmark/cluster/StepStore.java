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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The truth about steps. Tickets may come twice, and their owners may come late; a step is settled
 * once all the same:
 *
 * <ol>
 *   <li>{@link #begin} raises the step's epoch, which never resets, and writes down a holder, of a
 *       name that is used once.
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

  /** The right to settle a step. */
  record Claim(StepKey step, int epoch, String holder) {}

  /**
   * A step that was begun.
   *
   * @param claim the right to settle it
   * @param at when
   * @param failures attempts that gave nothing
   * @param isExpanded whether it is a fan-out whose elements are all settled
   * @param input what an element is done for
   * @param sources those of the steps asked for
   */
  record Begun(
      Claim claim,
      Instant at,
      int failures,
      boolean isExpanded,
      Optional<StepResult> input,
      Map<String, Fate.Ended> sources) {}

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

  /** Epochs need not survive a crash of the database: the holder tells two of one number apart. */
  private static final String BEGIN =
      """
      WITH old AS (
        SELECT s.run, s.node, s.place, s.state, s.epoch, s.began_at, s.expanded
        FROM shelfmark_pipeline_steps s JOIN shelfmark_pipeline_runs r ON r.id = s.run
        WHERE s.run = ? AND s.node = ? AND s.place = ? AND s.ticket = ? AND s.missing = 0
          AND r.started_at = ?
          AND s.state IN ('WAITING', 'RUNNING') AND r.state = 'RUNNING' AND NOT r.paused
          AND (r.deadline IS NULL OR r.deadline > clock_timestamp())
        FOR UPDATE OF s),
      lost AS (
        INSERT INTO shelfmark_pipeline_attempts (run, node, place, epoch, began_at)
        SELECT run, node, place, epoch, began_at FROM old
        WHERE state = 'RUNNING' AND NOT expanded ON CONFLICT DO NOTHING),
      begun AS (
        UPDATE shelfmark_pipeline_steps s
        SET epoch = old.epoch + 1, state = 'RUNNING', holder = ?, began_at = clock_timestamp()
        FROM old WHERE s.run = old.run AND s.node = old.node AND s.place = old.place
        RETURNING s.epoch, s.began_at, s.failures, s.expanded, s.input, s.input_digest, s.input_versions)
      SELECT b.epoch, b.began_at, b.failures, b.expanded, b.input, b.input_digest, b.input_versions,
        f.node, f.state, f.result, f.digest, f.versions, f.cached_from, f.failure,
        set_config('synchronous_commit', 'off', true)
      FROM begun b LEFT JOIN shelfmark_pipeline_steps f
        ON f.run = ? AND f.place = -1 AND f.node = ANY (?)""";

  /**
   * Begins a step for a ticket, with what the steps it takes from gave; nothing when there is
   * nothing to do for that ticket: the step is settled, or has another ticket since, or its run has
   * ended or is paused, or is another one of that id.
   *
   * @param started when the run began that the caller knows
   */
  Optional<Begun> begin(TicketId ticket, Instant started, String holder, Collection<String> sources)
      throws SQLException {
    StepKey step = ticket.step();
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      BEGIN,
                      step.run().value(),
                      step.node(),
                      step.place(),
                      ticket.generation(),
                      started.atOffset(ZoneOffset.UTC),
                      holder,
                      step.run().value(),
                      Rows.texts(connection, sources));
              ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(begun(row, step, holder)) : Optional.empty();
          }
        });
  }

  private static Begun begun(ResultSet row, StepKey step, String holder) throws SQLException {
    Claim claim = new Claim(step, row.getInt("epoch"), holder);
    Instant at = Rows.instant(row, "began_at").orElseThrow();
    int failures = row.getInt("failures");
    boolean isExpanded = row.getBoolean("expanded");
    Optional<StepResult> input = Rows.input(row);
    Map<String, Fate.Ended> sources = new HashMap<>();
    do {
      String node = row.getString("node");
      if (node != null) {
        sources.put(node, Rows.ended(row));
      }
    } while (row.next());
    return new Begun(claim, at, failures, isExpanded, input, sources);
  }

  /** Attempts that never came to an end: their worker was lost, or lost the database for long. */
  long lostAttempts(StepKey step) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT count(*) FROM shelfmark_pipeline_attempts
                      WHERE run = ? AND node = ? AND place = ? AND ended_at IS NULL""",
                      step.run().value(),
                      step.node(),
                      step.place());
              ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
          }
        });
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
  Commit commit(Claim claim, Fate.Ended end, Attempted attempted, int priority)
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
            ticket(
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
      Connection connection, Claim claim, Fate.Ended end, Attempted attempted) throws SQLException {
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

  static Ticket ticket(StepKey step, int generation, String queue, int priority, Duration delay) {
    return new Ticket(new TicketId(step, generation).toString(), queue, priority, delay);
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
  Commit failed(Claim claim, String failure, Duration wait, int priority) throws SQLException {
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
                      ticket(
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

  /** Which of these claims hold no longer: another has the step, or its run has ended. */
  List<Claim> lost(List<Claim> claims) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT c.index FROM unnest(?, ?, ?, ?) WITH ORDINALITY
                        AS c (run, node, place, holder, index)
                      LEFT JOIN shelfmark_pipeline_steps s
                        ON s.run = c.run AND s.node = c.node AND s.place = c.place
                      LEFT JOIN shelfmark_pipeline_runs r ON r.id = c.run
                      WHERE s.holder IS DISTINCT FROM c.holder
                        OR r.state IS DISTINCT FROM 'RUNNING'
                      ORDER BY c.index""",
                      Rows.texts(
                          connection, claims.stream().map(c -> c.step().run().value()).toList()),
                      Rows.texts(connection, claims.stream().map(c -> c.step().node()).toList()),
                      Rows.numbers(connection, claims.stream().map(c -> c.step().place()).toList()),
                      Rows.texts(connection, claims.stream().map(Claim::holder).toList()));
              ResultSet row = statement.executeQuery()) {
            List<Claim> lost = new ArrayList<>();
            while (row.next()) {
              lost.add(claims.get(row.getInt("index") - 1));
            }
            return lost;
          }
        });
  }

  /** What the steps of a run gave; those that are not settled are not among them. */
  Map<String, Fate.Ended> settled(RunId run, Collection<String> nodes) throws SQLException {
    return database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT * FROM shelfmark_pipeline_steps
                      WHERE run = ? AND place = -1 AND node = ANY (?)
                        AND state NOT IN ('WAITING', 'RUNNING')""",
                      run.value(),
                      Rows.texts(connection, nodes));
              ResultSet row = statement.executeQuery()) {
            Map<String, Fate.Ended> found = new HashMap<>();
            while (row.next()) {
              found.put(Rows.required(row, "node"), Rows.ended(row));
            }
            return found;
          }
        });
  }
}
