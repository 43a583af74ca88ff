package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.internal.files.ModelArtifacts;
import io.shelfmark.tracking.store.AliasChange;
import io.shelfmark.tracking.store.ModelRecord;
import io.shelfmark.tracking.store.ModelStore;
import io.shelfmark.tracking.store.ModelVersionRecord;
import io.shelfmark.tracking.store.NewModelVersion;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.Search;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The registered models. Each has an artifact of the workspace, of the same name unless no artifact
 * may have it or another model has that artifact; a model that is renamed keeps its artifact. The
 * artifact holds files, numbers and aliases, the tables what is looked for and changes. A number is
 * never used again: a model that is made anew under a deleted one's name goes on counting.
 * Thread-safe.
 */
final class SqlModels implements ModelStore {

  private final Database database;
  private final ModelArtifacts artifacts;
  private final Clock clock;
  private final ModelAliases aliases;
  private final ModelAdoption adoption;
  private final SqlModelVersions versions;

  SqlModels(Database database, ModelArtifacts artifacts, Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
    this.aliases = new ModelAliases(database, artifacts, clock);
    this.adoption = new ModelAdoption(database, artifacts, clock);
    this.versions = new SqlModelVersions(database, artifacts, aliases, adoption, clock);
  }

  @Override
  public ModelRecord create(String name, String description, Map<String, String> tags) {
    Names.requireName("registered model", name);
    Names.requireTags(tags);
    database.write(
        sql -> {
          requireFree(sql, name);
          String artifact = claimArtifact(sql, name, description);
          tags.forEach((key, value) -> putTag(sql, artifact, key, value));
          return artifact;
        });
    return require(name);
  }

  private static void requireFree(Sql sql, String name) {
    if (ModelRows.find(sql, name).isPresent()) {
      throw new RecordExistsException(
          "Cannot name a registered model %s: found one of that name (choose another name)"
              .formatted(name));
    }
  }

  /** Takes the first artifact that no model has, or that only a deleted model had. */
  private String claimArtifact(Sql sql, String name, String description) {
    long now = clock.millis();
    for (int attempt = 1; ; attempt++) {
      String artifact = ModelArtifacts.nameFor(name, attempt);
      Optional<Boolean> isTaken =
          sql.first(
              "select name from model where artifact = ?",
              row -> row.getString(1) != null,
              artifact);
      if (isTaken.isEmpty()) {
        sql.update(
            """
            insert into model (artifact, name, deleted_versions, description, created_at, updated_at)
            values (?, ?, 0, ?, ?, ?)
            """,
            artifact,
            name,
            description,
            now,
            now);
        return artifact;
      }
      if (!isTaken.get()) {
        sql.update(
            """
            update model set name = ?, deleted_versions = ?, description = ?, created_at = ?, updated_at = ?
            where artifact = ?
            """,
            name,
            artifacts.last(artifact),
            description,
            now,
            now,
            artifact);
        return artifact;
      }
    }
  }

  private ModelRecord require(String name) {
    ModelRows.Model model = database.read(sql -> ModelRows.require(sql, name));
    return withDetails(List.of(model)).get(0);
  }

  private List<ModelRecord> withDetails(List<ModelRows.Model> models) {
    var named = aliases.of(models.stream().map(ModelRows.Model::artifact).toList());
    return database.read(sql -> ModelRows.withDetails(sql, models, named));
  }

  @Override
  public Optional<ModelRecord> find(String name) {
    adoption.look(name);
    Optional<ModelRows.Model> found = database.read(sql -> ModelRows.find(sql, name));
    return found.map(model -> withDetails(List.of(model)).get(0));
  }

  @Override
  public Page<ModelRecord> search(Search search) {
    adoption.lookAtAll();
    SearchPlan plan = SearchPlan.of(SearchTable.MODELS, search);
    plan.require("r.name <> ?", "");
    Page<ModelRows.Model> found =
        database.read(sql -> plan.page(sql, ModelRows.MODEL_COLUMNS, ModelRows::model));
    return new Page<>(withDetails(found.items()), found.next());
  }

  @Override
  public ModelRecord rename(String name, String newName) {
    Names.requireName("registered model", newName);
    database.write(
        sql -> {
          ModelRows.Model model = ModelRows.require(sql, name);
          if (!name.equals(newName)) {
            requireFree(sql, newName);
          }
          return sql.update(
              "update model set name = ?, updated_at = ? where artifact = ?",
              newName,
              clock.millis(),
              model.artifact());
        });
    return require(newName);
  }

  @Override
  public ModelRecord describe(String name, String description) {
    database.write(
        sql ->
            sql.update(
                "update model set description = ?, updated_at = ? where artifact = ?",
                description,
                clock.millis(),
                ModelRows.require(sql, name).artifact()));
    return require(name);
  }

  @Override
  public void delete(String name) {
    record Deleted(String artifact, List<Long> versions) {}
    Deleted deleted =
        database.write(
            sql -> {
              String found = ModelRows.require(sql, name).artifact();
              List<Long> numbers =
                  sql.list(
                      "select version from model_version where artifact = ? and lifecycle = 'ACTIVE'",
                      row -> row.getLong(1),
                      found);
              sql.update("delete from model_tag where artifact = ?", found);
              sql.update(
                  "delete from model_version_tag where version_id in (select id from model_version where artifact = ?)",
                  found);
              sql.update(
                  "update model_version set lifecycle = 'DELETED' where artifact = ?", found);
              sql.update("update model set name = null where artifact = ?", found);
              return new Deleted(found, numbers);
            });
    aliases.deleteAll(
        deleted.artifact(),
        OptionalLong.empty(),
        "registered model %s was deleted".formatted(name));
    deleted.versions().forEach(version -> artifacts.release(deleted.artifact(), version));
  }

  @Override
  public void setTag(String name, String key, String value) {
    Names.requireTag(key, value);
    database.write(
        sql -> {
          String artifact = ModelRows.require(sql, name).artifact();
          putTag(sql, artifact, key, value);
          return touch(sql, artifact);
        });
  }

  private static void putTag(Sql sql, String artifact, String key, String value) {
    sql.update(
        """
        insert into model_tag (artifact, key, value) values (?, ?, ?)
        on conflict (artifact, key) do update set value = excluded.value
        """,
        artifact,
        key,
        value);
  }

  @Override
  public void deleteTag(String name, String key) {
    database.write(
        sql -> {
          String artifact = ModelRows.require(sql, name).artifact();
          sql.update("delete from model_tag where artifact = ? and key = ?", artifact, key);
          return touch(sql, artifact);
        });
  }

  private int touch(Sql sql, String artifact) {
    return sql.update(
        "update model set updated_at = ? where artifact = ?", clock.millis(), artifact);
  }

  @Override
  public void setAlias(String name, String alias, long version) {
    adoption.look(name);
    aliases.set(name, alias, version);
  }

  @Override
  public void deleteAlias(String name, String alias) {
    aliases.delete(name, alias);
  }

  @Override
  public Optional<ModelVersionRecord> findByAlias(String name, String alias) {
    adoption.look(name);
    return aliases.find(name, alias);
  }

  @Override
  public List<AliasChange> aliasHistory(String name, String alias) {
    return aliases.history(name, alias);
  }

  @Override
  public ModelVersionRecord createVersion(NewModelVersion version) {
    return versions.create(version);
  }

  @Override
  public Optional<ModelVersionRecord> findVersion(String name, long version) {
    return versions.find(name, version);
  }

  @Override
  public Page<ModelVersionRecord> searchVersions(Search search) {
    return versions.search(search);
  }

  @Override
  public List<ModelVersionRecord> latestVersions(String name, List<String> stages) {
    return versions.latest(name, stages);
  }

  @Override
  public ModelVersionRecord describeVersion(String name, long version, String description) {
    return versions.describe(name, version, description);
  }

  @Override
  public ModelVersionRecord setStage(String name, long version, String stage) {
    return versions.setStage(name, version, stage);
  }

  @Override
  public void deleteVersion(String name, long version) {
    versions.delete(name, version);
  }

  @Override
  public void setVersionTag(String name, long version, String key, String value) {
    versions.setTag(name, version, key, value);
  }

  @Override
  public void deleteVersionTag(String name, long version, String key) {
    versions.deleteTag(name, version, key);
  }
}
