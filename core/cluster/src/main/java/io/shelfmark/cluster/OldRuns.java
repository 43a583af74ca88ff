package io.shelfmark.cluster;

import io.shelfmark.artifact.RetentionRule;
import io.shelfmark.pipeline.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes records and logs of ended runs that need not be kept. Thread-safe. */
final class OldRuns {

  private static final Logger LOG = LoggerFactory.getLogger(OldRuns.class);

  private static final String NEEDED =
      """
      SELECT EXISTS (
        SELECT 1 FROM shelfmark_pipeline_runs
        WHERE state = 'RUNNING' AND (id = ? OR rerun_of = ?))""";

  private final Database database;
  private final StepLogs logs;
  private final RetentionRule rule;

  OldRuns(Database database, StepLogs logs, RetentionRule rule) {
    this.database = database;
    this.logs = logs;
    this.rule = rule;
  }

  /** Removes those that the rule does not keep; gives how many. */
  int sweep() throws SQLException {
    List<RunId> old = database.alone(this::old);
    int removed = 0;
    for (RunId run : old) {
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
      try {
        if (remove(run)) {
          removed++;
        }
      } catch (RuntimeException e) {
        LOG.warn("Cannot remove old run {}: {}; it is tried again", run, e.toString());
        LOG.debug("Cannot remove old run {}", run, e);
      }
    }
    return removed;
  }

  private List<RunId> old(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                SELECT id, ended_at, later, clock_timestamp() AS now FROM (
                  SELECT id, ended_at, state, released, row_number() OVER (
                    PARTITION BY pipeline ORDER BY started_at DESC, id DESC) - 1 AS later
                  FROM shelfmark_pipeline_runs) AS runs
                WHERE state <> 'RUNNING' AND released""");
        ResultSet row = statement.executeQuery()) {
      List<RunId> old = new ArrayList<>();
      while (row.next()) {
        Instant ended = Rows.instant(row, "ended_at").orElseThrow();
        if (!rule.keeps(row.getLong("later"), ended, Rows.instant(row, "now").orElseThrow())) {
          old.add(RunId.of(Rows.required(row, "id")));
        }
      }
      return old;
    }
  }

  /**
   * Removes one, unless it is needed; whether it did. Its logs go first: a record without logs is
   * removed the next time, logs without a record would stay for ever.
   */
  boolean remove(RunId run) throws SQLException {
    if (database.alone(connection -> isNeeded(connection, run))) {
      return false;
    }
    logs.remove(run);
    return database.together(
        connection -> {
          // one that is just put on record and repeats it keeps it until then
          lock(connection, run);
          if (isNeeded(connection, run)) {
            return false;
          }
          for (String table : List.of("attempts", "places", "parts", "steps")) {
            Rows.update(
                connection,
                "DELETE FROM shelfmark_pipeline_" + table + " WHERE run = ?",
                run.value());
          }
          Rows.update(connection, "DELETE FROM shelfmark_pipeline_runs WHERE id = ?", run.value());
          return true;
        });
  }

  private static void lock(Connection connection, RunId run) throws SQLException {
    try (PreparedStatement statement =
        Rows.prepare(
            connection,
            "SELECT 1 FROM shelfmark_pipeline_runs WHERE id = ? FOR UPDATE",
            run.value())) {
      statement.execute();
    }
  }

  private static Boolean isNeeded(Connection connection, RunId run) throws SQLException {
    try (PreparedStatement statement = Rows.prepare(connection, NEEDED, run.value(), run.value());
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
