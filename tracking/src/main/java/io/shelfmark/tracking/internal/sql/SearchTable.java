package io.shelfmark.tracking.internal.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be searched in a table, which queries call {@code r}.
 *
 * @param noun of a record, for messages
 * @param from the table
 * @param id an expression that no two rows share, the last by which they are ordered
 * @param attributes that filters and orders may name
 * @param params the table of params
 * @param tags the table of tags
 * @param metrics the table of metrics with the last value of each
 * @param lifecycle whether rows have one
 * @param order what comes first by default
 */
record SearchTable(
    String noun,
    String from,
    String id,
    Map<String, Column> attributes,
    Optional<Details> params,
    Optional<Details> tags,
    Optional<Details> metrics,
    boolean lifecycle,
    List<Term> order) {

  /**
   * An attribute.
   *
   * @param expression of its value
   * @param isNumber whether it is one, or else a text
   * @param isOptional whether it may be null
   */
  record Column(String expression, boolean isNumber, boolean isOptional) {
    static Column text(String expression) {
      return new Column(expression, false, false);
    }

    static Column number(String expression) {
      return new Column(expression, true, false);
    }

    Column optional() {
      return new Column(expression, isNumber, true);
    }
  }

  /**
   * A table of keys and values.
   *
   * @param table its name
   * @param owner its column, or several, that names the record
   * @param ownerId the record's expression of the same
   */
  record Details(String table, String owner, String ownerId) {}

  /**
   * Something to order by, never null.
   *
   * @param expression of its value
   * @param isDescending whether the greatest comes first
   */
  record Term(String expression, boolean isDescending) {
    String order() {
      return expression + (isDescending ? " desc" : "");
    }
  }

  static final SearchTable EXPERIMENTS =
      new SearchTable(
          "experiments",
          "experiment r",
          "r.id",
          Map.of(
              "name", Column.text("r.name"),
              "experiment_id", Column.text("r.id"),
              "creation_time", Column.number("r.created_at"),
              "last_update_time", Column.number("r.updated_at")),
          Optional.empty(),
          Optional.of(new Details("experiment_tag", "experiment_id", "r.id")),
          Optional.empty(),
          true,
          List.of(new Term("r.created_at", true)));

  static final SearchTable MODELS =
      new SearchTable(
          "registered models",
          "model r",
          "r.artifact",
          Map.of(
              "name", Column.text("r.name"),
              "timestamp", Column.number("r.updated_at"),
              "creation_timestamp", Column.number("r.created_at"),
              "last_updated_timestamp", Column.number("r.updated_at")),
          Optional.empty(),
          Optional.of(new Details("model_tag", "artifact", "r.artifact")),
          Optional.empty(),
          false,
          List.of(new Term("r.name", false)));

  static final SearchTable MODEL_VERSIONS =
      new SearchTable(
          "versions of registered models",
          "model_version r join model m on m.artifact = r.artifact",
          "r.id",
          Map.of(
              "name", Column.text("m.name"),
              "version_number", Column.number("r.version"),
              "run_id", Column.text("r.run_id").optional(),
              "source_path", Column.text("r.source"),
              "stage", Column.text("r.stage"),
              "creation_timestamp", Column.number("r.created_at"),
              "last_updated_timestamp", Column.number("r.updated_at")),
          Optional.empty(),
          Optional.of(new Details("model_version_tag", "version_id", "r.id")),
          Optional.empty(),
          false,
          List.of(
              new Term("r.updated_at", true),
              new Term("m.name", false),
              new Term("r.version", true)));

  static final SearchTable LOGGED_MODELS =
      new SearchTable(
          "logged models",
          "logged_model r",
          "r.id",
          Map.of(
              "name", Column.text("r.name"),
              "model_id", Column.text("r.id"),
              "model_type", Column.text("r.model_type"),
              "status", Column.text("r.status"),
              "source_run_id", Column.text("r.source_run_id").optional(),
              "creation_time", Column.number("r.created_at"),
              "creation_timestamp", Column.number("r.created_at"),
              "last_updated_timestamp", Column.number("r.updated_at")),
          Optional.of(new Details("logged_model_param", "model_id", "r.id")),
          Optional.of(new Details("logged_model_tag", "model_id", "r.id")),
          Optional.of(new Details("logged_model_metric", "model_id", "r.id")),
          true,
          List.of(new Term("r.created_at", true)));

  static final SearchTable RUNS =
      new SearchTable(
          "runs",
          "run r",
          "r.id",
          Map.ofEntries(
              Map.entry("run_id", Column.text("r.id")),
              Map.entry("run_name", Column.text("r.name")),
              Map.entry("run name", Column.text("r.name")),
              Map.entry("Run name", Column.text("r.name")),
              Map.entry("Run Name", Column.text("r.name")),
              Map.entry("status", Column.text("r.status")),
              Map.entry("user_id", Column.text("r.user_name")),
              Map.entry("artifact_uri", Column.text("r.artifact_location")),
              Map.entry("start_time", Column.number("r.start_time")),
              Map.entry("created", Column.number("r.start_time")),
              Map.entry("Created", Column.number("r.start_time")),
              Map.entry("end_time", Column.number("r.end_time").optional())),
          Optional.of(new Details("run_param", "run_id", "r.id")),
          Optional.of(new Details("run_tag", "run_id", "r.id")),
          Optional.of(new Details("series", "run_id", "r.id")),
          true,
          List.of(new Term("r.start_time", true)));
}
