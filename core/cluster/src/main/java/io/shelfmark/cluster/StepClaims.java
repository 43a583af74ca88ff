package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.StepResult;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may settle a step: the one that began it last. {@link StepStore} tells how that keeps late
 * owners of a ticket from counting. Thread-safe.
 */
final class StepClaims {

  private final Database database;

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

  StepClaims(Database database) {
    this.database = database;
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
