package io.shelfmark.tracking.internal.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads runs with all that hangs on them, by one query a table however many runs. */
final class RunRows {

  static final String COLUMNS =
      "r.id, r.experiment_id, r.name, r.user_name, r.status, r.start_time, r.end_time, r.artifact_location, r.lifecycle";

  private static final JsonMapper JSON = new JsonMapper();

  private RunRows() {}

  static RunInfo info(ResultSet row) throws SQLException {
    long end = row.getLong(7);
    Optional<Instant> endTime =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(end));
    return new RunInfo(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        RunStatus.valueOf(row.getString(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        endTime,
        row.getString(8),
        Lifecycle.valueOf(row.getString(9)));
  }

  static Optional<RunInfo> find(Sql sql, String id) {
    return sql.first("select " + COLUMNS + " from run r where r.id = ?", RunRows::info, id);
  }

  static RunInfo require(Sql sql, String id) {
    return find(sql, id).orElseThrow(() -> notFound(id));
  }

  static RecordNotFoundException notFound(String id) {
    return new RecordNotFoundException(
        "Cannot find run %s: expected the id of one on record".formatted(id));
  }

  static List<RunRecord> withDetails(Sql sql, List<RunInfo> infos) {
    List<String> ids = infos.stream().map(RunInfo::id).toList();
    Dialect dialect = sql.dialect();
    String ofRuns = " where " + dialect.isOneOf("run_id");
    Map<String, Map<String, String>> params = new HashMap<>();
    sql.forEach("select run_id, key, value from run_param" + ofRuns, row -> put(params, row), ids);
    Map<String, Map<String, String>> tags = new HashMap<>();
    sql.forEach("select run_id, key, value from run_tag" + ofRuns, row -> put(tags, row), ids);
    Map<String, Map<String, Metric>> metrics = new HashMap<>();
    sql.forEach(
        "select run_id, key, value, step, time from series" + ofRuns,
        row ->
            metrics
                .computeIfAbsent(row.getString(1), id -> new HashMap<>())
                .put(row.getString(2), metric(row)),
        ids);
    Map<String, List<DatasetInput>> datasets = datasets(sql, ofRuns, ids);
    Map<String, List<String>> inputs = new HashMap<>();
    Map<String, List<ModelOutput>> outputs = new HashMap<>();
    models(sql, ofRuns, ids, inputs, outputs);
    return infos.stream()
        .map(
            info ->
                new RunRecord(
                    info,
                    params.getOrDefault(info.id(), Map.of()),
                    metrics.getOrDefault(info.id(), Map.of()),
                    tags.getOrDefault(info.id(), Map.of()),
                    datasets.getOrDefault(info.id(), List.of()),
                    inputs.getOrDefault(info.id(), List.of()),
                    outputs.getOrDefault(info.id(), List.of())))
        .toList();
  }

  private static void put(Map<String, Map<String, String>> details, ResultSet row)
      throws SQLException {
    details
        .computeIfAbsent(row.getString(1), id -> new HashMap<>())
        .put(row.getString(2), row.getString(3));
  }

  private static Metric metric(ResultSet row) throws SQLException {
    return new Metric(
        row.getString(2), Sql.number(row, 3), row.getLong(4), Instant.ofEpochMilli(row.getLong(5)));
  }

  private static Map<String, List<DatasetInput>> datasets(
      Sql sql, String ofRuns, List<String> ids) {
    Map<String, List<DatasetInput>> datasets = new HashMap<>();
    sql.forEach(
        "select run_id, name, digest, source_type, source, schema_text, profile, tags from run_dataset"
            + ofRuns
            + " order by name, digest",
        row ->
            datasets
                .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                .add(
                    new DatasetInput(
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        texts(row.getString(8)))),
        ids);
    return datasets;
  }

  private static void models(
      Sql sql,
      String ofRuns,
      List<String> ids,
      Map<String, List<String>> inputs,
      Map<String, List<ModelOutput>> outputs) {
    sql.forEach(
        "select run_id, direction, model_id, step from run_model" + ofRuns + " order by model_id",
        row -> {
          String id = row.getString(1);
          if (row.getString(2).equals("INPUT")) {
            inputs.computeIfAbsent(id, key -> new ArrayList<>()).add(row.getString(3));
          } else {
            outputs
                .computeIfAbsent(id, key -> new ArrayList<>())
                .add(new ModelOutput(row.getString(3), row.getLong(4)));
          }
        },
        ids);
  }

  static Map<String, String> texts(String json) {
    try {
      return JSON.readValue(json, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column of texts holds " + json, e);
    }
  }

  static String json(Map<String, String> texts) {
    try {
      return JSON.writeValueAsString(texts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts could not be written as JSON", e);
    }
  }
}
