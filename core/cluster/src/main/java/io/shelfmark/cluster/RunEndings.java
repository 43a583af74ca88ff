package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunEvent;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ends of runs, each of which happens once. Thread-safe. */
final class RunEndings {

  private final Database database;

  RunEndings(Database database) {
    this.database = database;
  }

  /** Attempts that failed, or whose process died, may keep versions that no result names. */
  private static final String WHOLE =
      """
      UPDATE shelfmark_pipeline_runs r
      SET state = CASE WHEN whole.is THEN 'SUCCEEDED' ELSE 'FAILED' END,
        failure = CASE WHEN whole.is THEN NULL ELSE 'a step has no result' END,
        ended_at = clock_timestamp(),
        released = NOT EXISTS (
          SELECT 1 FROM shelfmark_pipeline_steps WHERE run = r.id AND versions <> '{}')
          AND NOT EXISTS (
            SELECT 1 FROM shelfmark_pipeline_attempts
            WHERE run = r.id AND (failure IS NOT NULL OR ended_at IS NULL))
      FROM (
        SELECT bool_and(state IN ('SUCCEEDED', 'CACHED', 'SKIPPED')) AS is
        FROM shelfmark_pipeline_steps WHERE run = ? AND place = -1 AND node <> '') AS whole
      WHERE r.id = ? AND r.state = 'RUNNING'
      RETURNING r.state, r.failure, r.ended_at""";

  /**
   * Ends a run all of whose steps are settled. In a statement of its own: only that sees what those
   * that were waited for have committed.
   */
  static Optional<RunEvent.RunEnded> whole(Connection connection, RunId run) throws SQLException {
    try (PreparedStatement statement = Rows.prepare(connection, WHOLE, run.value(), run.value())) {
      return end(statement, run);
    }
  }

  private static Optional<RunEvent.RunEnded> end(PreparedStatement statement, RunId run)
      throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(
              new RunEvent.RunEnded(
                  run,
                  Rows.instant(row, "ended_at").orElseThrow(),
                  RunState.valueOf(Rows.required(row, "state")),
                  Rows.text(row, "failure")))
          : Optional.empty();
    }
  }

  /**
   * The end that the commit of a step brought: it was the last transaction to count at the row of
   * the end.
   */
  static Optional<RunEvent.RunEnded> broughtBy(Connection connection, StepKey step)
      throws SQLException {
    try (PreparedStatement statement =
        Rows.prepare(
            connection,
            """
            SELECT r.state, r.failure, r.ended_at
            FROM shelfmark_pipeline_runs r
            JOIN shelfmark_pipeline_steps s ON s.run = r.id AND s.node = ? AND s.place = ?
            JOIN shelfmark_pipeline_steps e
              ON e.run = r.id AND e.node = '' AND e.missing = 0 AND e.xmin = s.xmin
            WHERE r.id = ? AND r.state IN ('SUCCEEDED', 'FAILED')""",
            step.node(),
            step.place(),
            step.run().value())) {
      return end(statement, step.run());
    }
  }

  /**
   * Steps are locked as commits lock them, so that the two do not wait for each other: elements,
   * then the steps that can be settled, then those that take from them. An attempt is noted of what
   * was locked, for its step's commit notes it, too.
   */
  private static final String STOP =
      """
      WITH old AS (
        SELECT run, node, place, epoch, began_at, state, expanded
        FROM shelfmark_pipeline_steps
        WHERE run = ? AND node <> '' AND state IN ('WAITING', 'RUNNING')
        ORDER BY place DESC, missing > 0, node FOR UPDATE),
      gone AS (
        UPDATE shelfmark_pipeline_steps s
        SET state = 'CANCELLED', holder = NULL, ended_at = clock_timestamp()
        FROM old WHERE s.run = old.run AND s.node = old.node AND s.place = old.place),
      noted AS (
        INSERT INTO shelfmark_pipeline_attempts
        SELECT run, node, place, epoch, began_at, clock_timestamp(), ?
        FROM old WHERE state = 'RUNNING' AND NOT expanded ON CONFLICT DO NOTHING)
      SELECT count(*) FROM old""";

  /** Ends a run before its time; nothing when it has ended. */
  Optional<RunEvent.RunEnded> early(RunId run, RunState state, String reason) throws SQLException {
    return database.together(connection -> early(connection, run, state, reason));
  }

  private static Optional<RunEvent.RunEnded> early(
      Connection connection, RunId run, RunState state, String reason) throws SQLException {
    long stopped;
    do {
      // again: elements that were put on record while it waited for their step are not in its sight
      stopped = stop(connection, run, reason);
    } while (stopped > 0);
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                UPDATE shelfmark_pipeline_runs
                SET state = ?, failure = ?, ended_at = clock_timestamp()
                WHERE id = ? AND state = 'RUNNING' RETURNING ended_at""",
                state.name(),
                Rows.storable(reason),
                run.value());
        ResultSet row = statement.executeQuery()) {
      if (!row.next()) {
        connection.rollback();
        return Optional.empty();
      }
      return Optional.of(
          new RunEvent.RunEnded(
              run, Rows.instant(row, "ended_at").orElseThrow(), state, Optional.of(reason)));
    }
  }

  private static long stop(Connection connection, RunId run, String reason) throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(connection, STOP, run.value(), Rows.storable(reason));
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Fails the runs whose deadline has passed by the database's clock. */
  List<RunEvent.RunEnded> late() throws SQLException {
    Map<RunId, String> late = new HashMap<>();
    database.alone(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      """
                      SELECT id, deadline FROM shelfmark_pipeline_runs
                      WHERE state = 'RUNNING' AND deadline <= clock_timestamp()""");
              ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              late.put(
                  RunId.of(Rows.required(row, "id")),
                  "its deadline " + Rows.instant(row, "deadline").orElseThrow() + " has passed");
            }
            return late;
          }
        });
    List<RunEvent.RunEnded> ended = new ArrayList<>();
    for (Map.Entry<RunId, String> run : late.entrySet()) {
      early(run.getKey(), RunState.FAILED, run.getValue()).ifPresent(ended::add);
    }
    return ended;
  }
}
