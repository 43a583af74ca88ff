package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.RecordNotFoundException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads registered models and their versions, by one query a table however many. */
final class ModelRows {

  /** A model without what hangs on it. */
  record Model(String artifact, ModelRecord record) {}

  /** A version without what hangs on it. */
  record Version(String id, String artifact, ModelVersionRecord record) {}

  static final String MODEL_COLUMNS =
      "r.artifact, r.name, r.created_at, r.updated_at, r.description";

  static final String VERSION_COLUMNS =
      "r.id, r.artifact, m.name, r.version, r.created_at, r.updated_at, r.description, r.user_name, r.stage, r.source, r.location, r.run_id, r.logged_model_id";

  private static final String VERSIONS =
      "select "
          + VERSION_COLUMNS
          + " from model_version r join model m on m.artifact = r.artifact where r.lifecycle = 'ACTIVE' and ";

  private ModelRows() {}

  /** How a version is named in its own row and in those of its tags. */
  static String id(String artifact, long version) {
    return artifact + "@" + version;
  }

  static Model model(ResultSet row) throws SQLException {
    return new Model(
        row.getString(1),
        new ModelRecord(
            row.getString(2),
            Instant.ofEpochMilli(row.getLong(3)),
            Instant.ofEpochMilli(row.getLong(4)),
            row.getString(5),
            Map.of(),
            Map.of(),
            List.of()));
  }

  static Version version(ResultSet row) throws SQLException {
    return new Version(
        row.getString(1),
        row.getString(2),
        new ModelVersionRecord(
            row.getString(3),
            row.getLong(4),
            Instant.ofEpochMilli(row.getLong(5)),
            Instant.ofEpochMilli(row.getLong(6)),
            row.getString(7),
            row.getString(8),
            row.getString(9),
            row.getString(10),
            row.getString(11),
            Optional.ofNullable(row.getString(12)),
            Optional.ofNullable(row.getString(13)),
            Map.of(),
            List.of()));
  }

  static Optional<Model> find(Sql sql, String name) {
    return sql.first(
        "select " + MODEL_COLUMNS + " from model r where r.name = ?", ModelRows::model, name);
  }

  static Model require(Sql sql, String name) {
    return find(sql, name)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot find registered model %s: expected the name of one on record"
                        .formatted(name)));
  }

  static Optional<Version> findVersion(Sql sql, String name, long version) {
    return sql.first(VERSIONS + "m.name = ? and r.version = ?", ModelRows::version, name, version);
  }

  static Version requireVersion(Sql sql, String name, long version) {
    require(sql, name);
    return findVersion(sql, name, version)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot find version %d of registered model %s: expected one on record"
                        .formatted(version, name)));
  }

  /** The last version of each stage. */
  static List<Version> latest(Sql sql, List<String> artifacts) {
    return sql.list(
        VERSIONS
            + sql.dialect().isOneOf("r.artifact")
            + """
               and not exists (select 1 from model_version n
              where n.artifact = r.artifact and n.stage = r.stage and n.lifecycle = 'ACTIVE' and n.version > r.version)
              order by r.artifact, r.version
              """,
        ModelRows::version,
        artifacts);
  }

  /**
   * Models with all that hangs on them.
   *
   * @param aliases of each artifact; those of versions that were deleted are left out
   */
  static List<ModelRecord> withDetails(
      Sql sql, List<Model> models, Map<String, Map<String, Long>> aliases) {
    List<String> artifacts = models.stream().map(Model::artifact).toList();
    Map<String, Map<String, String>> tags = tags(sql, "model_tag", "artifact", artifacts);
    Set<String> active = active(sql, aliases);
    Map<String, List<ModelVersionRecord>> latest = new HashMap<>();
    List<Version> versions = latest(sql, artifacts);
    List<ModelVersionRecord> records = versionsWithDetails(sql, versions, aliases);
    for (int i = 0; i < records.size(); i++) {
      latest
          .computeIfAbsent(versions.get(i).artifact(), key -> new ArrayList<>())
          .add(records.get(i));
    }
    return models.stream()
        .map(
            model -> {
              Map<String, Long> own =
                  new HashMap<>(aliases.getOrDefault(model.artifact(), Map.of()));
              own.values().removeIf(number -> !active.contains(id(model.artifact(), number)));
              ModelRecord record = model.record();
              return new ModelRecord(
                  record.name(),
                  record.createdAt(),
                  record.updatedAt(),
                  record.description(),
                  tags.getOrDefault(model.artifact(), Map.of()),
                  own,
                  latest.getOrDefault(model.artifact(), List.of()));
            })
        .toList();
  }

  private static Set<String> active(Sql sql, Map<String, Map<String, Long>> aliases) {
    List<String> ids = new ArrayList<>();
    aliases.forEach(
        (artifact, names) -> names.values().forEach(number -> ids.add(id(artifact, number))));
    return new HashSet<>(
        sql.list(
            "select id from model_version where lifecycle = 'ACTIVE' and "
                + sql.dialect().isOneOf("id"),
            row -> row.getString(1),
            ids));
  }

  /** Versions with all that hangs on them. */
  static List<ModelVersionRecord> versionsWithDetails(
      Sql sql, List<Version> versions, Map<String, Map<String, Long>> aliases) {
    Map<String, Map<String, String>> tags =
        tags(sql, "model_version_tag", "version_id", versions.stream().map(Version::id).toList());
    return versions.stream()
        .map(
            version -> {
              ModelVersionRecord v = version.record();
              return new ModelVersionRecord(
                  v.model(),
                  v.version(),
                  v.createdAt(),
                  v.updatedAt(),
                  v.description(),
                  v.user(),
                  v.stage(),
                  v.source(),
                  v.location(),
                  v.runId(),
                  v.modelId(),
                  tags.getOrDefault(version.id(), Map.of()),
                  aliases.getOrDefault(version.artifact(), Map.of()).entrySet().stream()
                      .filter(alias -> alias.getValue() == v.version())
                      .map(Map.Entry::getKey)
                      .sorted()
                      .toList());
            })
        .toList();
  }

  static Map<String, Map<String, String>> tags(
      Sql sql, String table, String owner, List<String> owners) {
    Map<String, Map<String, String>> tags = new HashMap<>();
    sql.forEach(
        "select %s, key, value from %s where %s"
            .formatted(owner, table, sql.dialect().isOneOf(owner)),
        row ->
            tags.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                .put(row.getString(2), row.getString(3)),
        owners);
    return tags;
  }
}
