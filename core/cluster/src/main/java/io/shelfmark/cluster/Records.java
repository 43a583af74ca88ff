package io.shelfmark.cluster;

import io.shelfmark.pipeline.Fate;
import io.shelfmark.pipeline.RunId;
import io.shelfmark.pipeline.RunRecord;
import io.shelfmark.pipeline.RunState;
import io.shelfmark.pipeline.StepRecord;
import io.shelfmark.storage.Digest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records of runs, put together from the tables. Thread-safe. */
final class Records {

  private final Database database;

  Records(Database database) {
    this.database = database;
  }

  Optional<RunRecord> find(RunId run) {
    return read("id = ?", run.value()).stream().findFirst();
  }

  /** Those of a pipeline, the last one first. */
  List<RunRecord> of(String pipeline) {
    return read("pipeline = ?", pipeline);
  }

  /** Of one moment: what happens meanwhile is in none of the tables. */
  private List<RunRecord> read(String condition, String value) {
    return database.write(
        "read the record of " + value,
        connection -> {
          Rows.update(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
          Map<RunId, Map<StepKey, List<StepRecord.Attempt>>> attempts =
              attempts(connection, condition, value);
          Map<RunId, List<StepRecord>> steps = steps(connection, condition, value, attempts);
          return runs(connection, condition, value, steps);
        });
  }

  private static List<RunRecord> runs(
      Connection connection, String condition, String value, Map<RunId, List<StepRecord>> steps)
      throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                "SELECT * FROM shelfmark_pipeline_runs WHERE "
                    + condition
                    + " ORDER BY started_at DESC, id DESC",
                value);
        ResultSet row = statement.executeQuery()) {
      List<RunRecord> found = new ArrayList<>();
      while (row.next()) {
        RunId id = RunId.of(Rows.required(row, "id"));
        found.add(
            new RunRecord(
                id,
                Rows.required(row, "pipeline"),
                Digest.parse(Rows.required(row, "graph")),
                RunState.valueOf(Rows.required(row, "state")),
                Rows.instant(row, "started_at").orElseThrow(),
                Rows.instant(row, "ended_at"),
                RunStore.parameters(row),
                steps.getOrDefault(id, List.of()),
                Rows.text(row, "failure")));
      }
      return found;
    }
  }

  private static StepKey key(ResultSet row) throws SQLException {
    return new StepKey(
        RunId.of(Rows.required(row, "run")), Rows.required(row, "node"), row.getInt("place"));
  }

  private static Map<RunId, Map<StepKey, List<StepRecord.Attempt>>> attempts(
      Connection connection, String condition, String value) throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                SELECT a.* FROM shelfmark_pipeline_attempts a
                JOIN shelfmark_pipeline_runs r ON r.id = a.run
                WHERE r.%s ORDER BY a.run, a.node, a.place, a.epoch"""
                    .formatted(condition),
                value);
        ResultSet row = statement.executeQuery()) {
      Map<RunId, Map<StepKey, List<StepRecord.Attempt>>> found = new HashMap<>();
      while (row.next()) {
        StepKey key = key(row);
        found
            .computeIfAbsent(key.run(), run -> new HashMap<>())
            .computeIfAbsent(key, step -> new ArrayList<>())
            .add(
                new StepRecord.Attempt(
                    row.getInt("epoch"),
                    Rows.instant(row, "began_at").orElseThrow(),
                    Rows.instant(row, "ended_at"),
                    Rows.text(row, "failure")));
      }
      return found;
    }
  }

  private static Map<RunId, List<StepRecord>> steps(
      Connection connection,
      String condition,
      String value,
      Map<RunId, Map<StepKey, List<StepRecord.Attempt>>> attempts)
      throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                SELECT s.run, s.node, s.place, s.state, s.epoch, s.expanded, s.began_at, s.result,
                  s.digest, s.versions, s.cached_from, s.failure
                FROM shelfmark_pipeline_steps s
                JOIN shelfmark_pipeline_runs r ON r.id = s.run
                WHERE r.%s AND s.node <> '' AND s.epoch > 0
                ORDER BY s.run, s.began_at, s.node, s.place"""
                    .formatted(condition),
                value);
        ResultSet row = statement.executeQuery()) {
      Map<RunId, List<StepRecord>> found = new LinkedHashMap<>();
      while (row.next()) {
        StepKey key = key(row);
        List<StepRecord.Attempt> own =
            new ArrayList<>(
                attempts.getOrDefault(key.run(), Map.of()).getOrDefault(key, List.of()));
        Fate.Ended end = Rows.ended(row);
        if (isUnderWay(row)) {
          own.add(
              new StepRecord.Attempt(
                  row.getInt("epoch"),
                  Rows.instant(row, "began_at").orElseThrow(),
                  Optional.empty(),
                  Optional.empty()));
        }
        found
            .computeIfAbsent(key.run(), run -> new ArrayList<>())
            .add(new StepRecord(key.name(), end.state(), own, end.result(), end.failure()));
      }
      return found;
    }
  }

  private static boolean isUnderWay(ResultSet row) throws SQLException {
    return row.getString("state").equals("RUNNING") && !row.getBoolean("expanded");
  }
}
