package io.shelfmark.tracking.internal.sql;

import io.shelfmark.artifact.ArtifactVersion;
import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.internal.files.ModelDraft;
import io.shelfmark.tracking.store.Condition;
import io.shelfmark.tracking.store.Field;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Operator;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.Search;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The versions of registered models. A version is published in its artifact first, which gives it
 * its number, then put on record; when the process dies in between, {@link ModelAdoption} does the
 * latter. Thread-safe.
 */
final class SqlModelVersions {

  private static final List<String> STAGES =
      List.of(ModelVersionRecord.NO_STAGE, "Staging", "Production", "Archived");

  private final Database database;
  private final ModelArtifacts artifacts;
  private final ModelAliases aliases;
  private final ModelAdoption adoption;
  private final Clock clock;

  SqlModelVersions(
      Database database,
      ModelArtifacts artifacts,
      ModelAliases aliases,
      ModelAdoption adoption,
      Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.aliases = aliases;
    this.adoption = adoption;
    this.clock = clock;
  }

  ModelVersionRecord create(NewModelVersion version) {
    Names.requireTags(version.tags());
    if (version.source().isBlank()) {
      throw new InvalidRequestException(
          "Cannot make a version of registered model %s: found no source, expected where its files lie"
              .formatted(version.model()));
    }
    ModelDraft draft = database.read(sql -> new ModelSources(sql).draft(version));
    ArtifactVersion published = artifacts.publish(draft);
    return database.write(
        sql -> {
          ModelRows.require(sql, version.model());
          insert(sql, version, published);
          version
              .tags()
              .forEach(
                  (key, value) -> putTag(sql, draft.artifact(), published.number(), key, value));
          touchModel(sql, draft.artifact());
          ModelRows.Version made =
              ModelRows.requireVersion(sql, version.model(), published.number());
          return ModelRows.versionsWithDetails(sql, List.of(made), Map.of()).get(0);
        });
  }

  private void insert(Sql sql, NewModelVersion version, ArtifactVersion published) {
    long now = clock.millis();
    // another process may have found the version in the artifact and adopted it
    sql.update(
        """
        insert into model_version (id, artifact, version, source, location, run_id, logged_model_id,
          description, user_name, stage, lifecycle, created_at, updated_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do update set created_at = excluded.created_at, updated_at = excluded.updated_at
        """,
        ModelRows.id(published.name(), published.number()),
        published.name(),
        published.number(),
        version.source(),
        ModelArtifacts.location(published),
        version.runId().orElse(null),
        version.modelId().orElse(null),
        version.description(),
        published.provenance().author(),
        ModelVersionRecord.NO_STAGE,
        Lifecycle.ACTIVE.name(),
        now,
        now);
  }

  Optional<ModelVersionRecord> find(String model, long version) {
    adoption.look(model);
    Optional<ModelRows.Version> found =
        database.read(sql -> ModelRows.findVersion(sql, model, version));
    return found.map(row -> withDetails(List.of(row)).get(0));
  }

  private List<ModelVersionRecord> withDetails(List<ModelRows.Version> versions) {
    var named = aliases.of(versions.stream().map(ModelRows.Version::artifact).toList());
    return database.read(sql -> ModelRows.versionsWithDetails(sql, versions, named));
  }

  Page<ModelVersionRecord> search(Search search) {
    Optional<String> model = model(search);
    model.ifPresentOrElse(adoption::look, adoption::lookAtAll);
    SearchPlan plan = SearchPlan.of(SearchTable.MODEL_VERSIONS, search);
    plan.require("r.lifecycle = ?", Lifecycle.ACTIVE.name());
    Page<ModelRows.Version> found =
        database.read(sql -> plan.page(sql, ModelRows.VERSION_COLUMNS, ModelRows::version));
    return new Page<>(withDetails(found.items()), found.next());
  }

  /** The one model that is searched, if it is one. */
  private static Optional<String> model(Search search) {
    return search.filter().conditions().stream()
        .filter(condition -> condition.field().equals(Field.attribute("name")))
        .filter(condition -> condition.operator() == Operator.EQUAL)
        .map(Condition::value)
        .map(String::valueOf)
        .findFirst();
  }

  List<ModelVersionRecord> latest(String model, List<String> stages) {
    List<String> wanted = stages.stream().map(SqlModelVersions::stage).toList();
    adoption.look(model);
    List<ModelRows.Version> found =
        database.read(
            sql -> ModelRows.latest(sql, List.of(ModelRows.require(sql, model).artifact())));
    return withDetails(found).stream()
        .filter(version -> wanted.isEmpty() || wanted.contains(version.stage()))
        .toList();
  }

  ModelVersionRecord describe(String model, long version, String description) {
    return change(model, version, "description", description);
  }

  ModelVersionRecord setStage(String model, long version, String stage) {
    return change(model, version, "stage", stage(stage));
  }

  private static String stage(String name) {
    return STAGES.stream()
        .filter(stage -> stage.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "Cannot use stage %s: expected one of %s".formatted(name, STAGES)));
  }

  /** Changes a column, whose name is no caller's. */
  private ModelVersionRecord change(String model, long version, String column, String value) {
    adoption.look(model);
    ModelRows.Version changed =
        database.write(
            sql -> {
              ModelRows.Version found = ModelRows.requireVersion(sql, model, version);
              sql.update(
                  "update model_version set " + column + " = ? where id = ?", value, found.id());
              touch(sql, found);
              return ModelRows.requireVersion(sql, model, version);
            });
    return withDetails(List.of(changed)).get(0);
  }

  void delete(String model, long version) {
    adoption.look(model);
    ModelRows.Version deleted =
        database.write(
            sql -> {
              ModelRows.Version found = ModelRows.requireVersion(sql, model, version);
              sql.update("delete from model_version_tag where version_id = ?", found.id());
              sql.update("update model_version set lifecycle = 'DELETED' where id = ?", found.id());
              touch(sql, found);
              return found;
            });
    aliases.deleteAll(
        deleted.artifact(),
        OptionalLong.of(version),
        "version %d was deleted from the registry".formatted(version));
    artifacts.release(deleted.artifact(), version);
  }

  void setTag(String model, long version, String key, String value) {
    Names.requireTag(key, value);
    adoption.look(model);
    database.write(
        sql -> {
          ModelRows.Version found = ModelRows.requireVersion(sql, model, version);
          putTag(sql, found.artifact(), version, key, value);
          return touch(sql, found);
        });
  }

  static void putTag(Sql sql, String artifact, long version, String key, String value) {
    sql.update(
        """
        insert into model_version_tag (version_id, key, value) values (?, ?, ?)
        on conflict (version_id, key) do update set value = excluded.value
        """,
        ModelRows.id(artifact, version),
        key,
        value);
  }

  void deleteTag(String model, long version, String key) {
    adoption.look(model);
    database.write(
        sql -> {
          ModelRows.Version found = ModelRows.requireVersion(sql, model, version);
          sql.update(
              "delete from model_version_tag where version_id = ? and key = ?", found.id(), key);
          return touch(sql, found);
        });
  }

  private int touch(Sql sql, ModelRows.Version version) {
    sql.update(
        "update model_version set updated_at = ? where id = ?", clock.millis(), version.id());
    return touchModel(sql, version.artifact());
  }

  private int touchModel(Sql sql, String artifact) {
    return sql.update(
        "update model set updated_at = ? where artifact = ?", clock.millis(), artifact);
  }
}
