package io.shelfmark.cluster;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * How many steps of a queue run at once in the whole cluster. A place belongs to a step and not to
 * the process that does it: whoever takes the step over has it. Thread-safe.
 */
final class Limits {

  private final Database database;
  private volatile Map<String, Integer> known = Map.of();

  Limits(Database database) {
    this.database = database;
  }

  /** Whether a queue is limited, as of the last look. */
  boolean isLimited(String queue) {
    return known.containsKey(queue);
  }

  /** Looks at what is set. */
  void look() throws SQLException {
    known =
        database.alone(
            connection -> {
              try (PreparedStatement statement =
                      Rows.prepare(connection, "SELECT * FROM shelfmark_pipeline_limits");
                  ResultSet row = statement.executeQuery()) {
                Map<String, Integer> found = new HashMap<>();
                while (row.next()) {
                  found.put(Rows.required(row, "queue"), row.getInt("places"));
                }
                return Map.copyOf(found);
              }
            });
  }

  void set(String queue, int places) {
    database.write(
        "limit queue " + queue,
        connection ->
            Rows.update(
                connection,
                """
                INSERT INTO shelfmark_pipeline_limits VALUES (?, ?)
                ON CONFLICT (queue) DO UPDATE SET places = excluded.places""",
                queue,
                places));
  }

  void remove(String queue) {
    database.write(
        "no longer limit queue " + queue,
        connection ->
            Rows.update(
                connection, "DELETE FROM shelfmark_pipeline_limits WHERE queue = ?", queue));
  }

  /** Takes a place for a step, which may have it already; whether there was one. */
  boolean take(StepKey step, String queue) throws SQLException {
    return database.together(
        connection -> {
          try (PreparedStatement statement =
                  Rows.prepare(
                      connection,
                      "SELECT places FROM shelfmark_pipeline_limits WHERE queue = ? FOR UPDATE",
                      queue);
              ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
              return true;
            }
            // the lock makes this one after another; only a statement of its own sees the others
            return Rows.update(
                    connection,
                    """
                    INSERT INTO shelfmark_pipeline_places (run, node, place, queue, since)
                    SELECT ?, ?, ?, ?, clock_timestamp()
                    WHERE (SELECT count(*) FROM shelfmark_pipeline_places WHERE queue = ?) < ?
                      OR EXISTS (SELECT 1 FROM shelfmark_pipeline_places
                        WHERE run = ? AND node = ? AND place = ?)
                    ON CONFLICT (run, node, place) DO UPDATE SET since = excluded.since""",
                    step.run().value(),
                    step.node(),
                    step.place(),
                    queue,
                    queue,
                    row.getInt("places"),
                    step.run().value(),
                    step.node(),
                    step.place())
                == 1;
          }
        });
  }

  /** Gives it back, unless another process has taken the step over and the place with it. */
  void give(StepKey step) throws SQLException {
    database.alone(
        connection ->
            Rows.update(
                connection,
                """
                DELETE FROM shelfmark_pipeline_places p
                WHERE run = ? AND node = ? AND place = ? AND NOT EXISTS (
                  SELECT 1 FROM shelfmark_pipeline_steps s
                  WHERE s.run = p.run AND s.node = p.node AND s.place = p.place
                    AND s.state = 'RUNNING')""",
                step.run().value(),
                step.node(),
                step.place()));
  }

  /** Frees the places of steps that nobody does: their process died before it began or gave up. */
  int tidyUp() throws SQLException {
    return database.alone(
        connection ->
            Rows.update(
                connection,
                """
                DELETE FROM shelfmark_pipeline_places p
                WHERE since < clock_timestamp() - interval '10 s' AND NOT EXISTS (
                  SELECT 1 FROM shelfmark_pipeline_steps s
                  WHERE s.run = p.run AND s.node = p.node AND s.place = p.place
                    AND s.state = 'RUNNING')"""));
  }
}
