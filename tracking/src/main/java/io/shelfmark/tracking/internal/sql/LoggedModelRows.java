package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads logged models with all that hangs on them, by one query a table however many. */
final class LoggedModelRows {

  static final String COLUMNS =
      "r.id, r.experiment_id, r.name, r.model_type, r.status, r.source_run_id, r.artifact_location, r.created_at, r.updated_at";

  private LoggedModelRows() {}

  static LoggedModelRecord row(ResultSet row) throws SQLException {
    return new LoggedModelRecord(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        LoggedModelStatus.valueOf(row.getString(5)),
        Optional.ofNullable(row.getString(6)),
        row.getString(7),
        Instant.ofEpochMilli(row.getLong(8)),
        Instant.ofEpochMilli(row.getLong(9)),
        Map.of(),
        Map.of(),
        List.of());
  }

  static Optional<LoggedModelRecord> find(Sql sql, String id) {
    return sql.first(
            "select " + COLUMNS + " from logged_model r where r.id = ? and r.lifecycle = 'ACTIVE'",
            LoggedModelRows::row,
            id)
        .map(found -> withDetails(sql, List.of(found)).get(0));
  }

  static LoggedModelRecord require(Sql sql, String id) {
    return find(sql, id)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot find logged model %s: expected the id of one on record".formatted(id)));
  }

  static List<LoggedModelRecord> withDetails(Sql sql, List<LoggedModelRecord> models) {
    List<String> ids = models.stream().map(LoggedModelRecord::id).toList();
    Map<String, Map<String, String>> params =
        ModelRows.tags(sql, "logged_model_param", "model_id", ids);
    Map<String, Map<String, String>> tags =
        ModelRows.tags(sql, "logged_model_tag", "model_id", ids);
    Map<String, Map<String, Metric>> metrics = metrics(sql, ids);
    return models.stream()
        .map(
            m ->
                new LoggedModelRecord(
                    m.id(),
                    m.experimentId(),
                    m.name(),
                    m.type(),
                    m.status(),
                    m.sourceRunId(),
                    m.artifactLocation(),
                    m.createdAt(),
                    m.updatedAt(),
                    params.getOrDefault(m.id(), Map.of()),
                    tags.getOrDefault(m.id(), Map.of()),
                    List.copyOf(metrics.getOrDefault(m.id(), Map.of()).values())))
        .toList();
  }

  /**
   * The same as the view logged_model_metric has, but begun with the models: a list of them does
   * not reach the indexes behind the view.
   */
  private static Map<String, Map<String, Metric>> metrics(Sql sql, List<String> ids) {
    Map<String, Map<String, Metric>> metrics = new HashMap<>();
    sql.forEach(
        """
        select m.model_id, s.key, s.value, s.step, s.time from (
          select id as model_id, source_run_id as run_id from logged_model where %s and source_run_id is not null
          union
          select model_id, run_id from run_model where %s) m
        join series s on s.run_id = m.run_id order by s.time, s.step, s.run_id desc
        """
            .formatted(sql.dialect().isOneOf("id"), sql.dialect().isOneOf("model_id")),
        row ->
            metrics
                .computeIfAbsent(row.getString(1), id -> new TreeMap<>())
                .put(
                    row.getString(2),
                    new Metric(
                        row.getString(2),
                        Sql.number(row, 3),
                        row.getLong(4),
                        Instant.ofEpochMilli(row.getLong(5)))),
        ids,
        ids);
    return metrics;
  }
}
