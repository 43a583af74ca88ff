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

  private static final String WHOLE =
      """
      UPDATE shelfmark_pipeline_runs r
      SET state = CASE WHEN whole.is THEN 'SUCCEEDED' ELSE 'FAILED' END,
        failure = CASE WHEN whole.is THEN NULL ELSE 'a step has no result' END,
        ended_at = clock_timestamp(),
        released = NOT EXISTS (
          SELECT 1 FROM shelfmark_pipeline_steps WHERE run = r.id AND versions <> '{}')
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
    try (PreparedStatement statement = Rows.prepare(connection, WHOLE, run.value(), run.value());
        ResultSet row = statement.executeQuery()) {
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

  /** Ends a run before its time; nothing when it has ended. */
  Optional<RunEvent.RunEnded> early(RunId run, RunState state, String reason) throws SQLException {
    return database.together(connection -> early(connection, run, state, reason));
  }

  private static Optional<RunEvent.RunEnded> early(
      Connection connection, RunId run, RunState state, String reason) throws SQLException {
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
        return Optional.empty();
      }
      Rows.update(
          connection,
          """
          INSERT INTO shelfmark_pipeline_attempts
          SELECT run, node, place, epoch, began_at, clock_timestamp(), ?
          FROM shelfmark_pipeline_steps
          WHERE run = ? AND state = 'RUNNING' AND NOT expanded ON CONFLICT DO NOTHING""",
          Rows.storable(reason),
          run.value());
      Rows.update(
          connection,
          """
          UPDATE shelfmark_pipeline_steps
          SET state = 'CANCELLED', holder = NULL, ended_at = clock_timestamp()
          WHERE run = ? AND node <> '' AND state IN ('WAITING', 'RUNNING')""",
          run.value());
      return Optional.of(
          new RunEvent.RunEnded(
              run, Rows.instant(row, "ended_at").orElseThrow(), state, Optional.of(reason)));
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
