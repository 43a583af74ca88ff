package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    Map<String, List<Metric>> metrics = metrics(sql, ids);
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
                    metrics.getOrDefault(m.id(), List.of())))
        .toList();
  }

  private static Map<String, List<Metric>> metrics(Sql sql, List<String> ids) {
    Map<String, List<Metric>> metrics = new HashMap<>();
    sql.forEach(
        "select model_id, key, value, step, time from logged_model_metric where "
            + sql.dialect().isOneOf("model_id")
            + " order by model_id, key",
        row ->
            metrics
                .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                .add(
                    new Metric(
                        row.getString(2),
                        Sql.number(row, 3),
                        row.getLong(4),
                        Instant.ofEpochMilli(row.getLong(5)))),
        ids);
    return metrics;
  }
}
