package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.ExperimentRecord;
import io.shelfmark.tracking.store.ExperimentStore;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.NewExperiment;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordExistsException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The experiments' tables. Thread-safe. */
final class SqlExperiments implements ExperimentStore {

  private static final String COLUMNS =
      "r.id, r.name, r.artifact_location, r.lifecycle, r.created_at, r.updated_at";

  private final Database database;
  private final Clock clock;

  SqlExperiments(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public ExperimentRecord create(NewExperiment experiment) {
    Names.requireName("experiment", experiment.name());
    Names.requireTags(experiment.tags());
    return database.write(
        sql -> {
          requireFree(sql, experiment.name());
          // as many digits as MLflow's own stores without a counter use; other clients parse them
          String id =
              String.valueOf(
                  ThreadLocalRandom.current()
                      .nextLong(100_000_000_000_000_000L, 1_000_000_000_000_000_000L));
          long now = clock.millis();
          sql.update(
              "insert into experiment (id, name, artifact_location, lifecycle, created_at, updated_at) values (?, ?, ?, ?, ?, ?)",
              id,
              experiment.name(),
              experiment.artifactLocation().orElse("mlflow-artifacts:/" + id),
              Lifecycle.ACTIVE.name(),
              now,
              now);
          experiment.tags().forEach((key, value) -> putTag(sql, id, key, value));
          return require(sql, id);
        });
  }

  private static void requireFree(Sql sql, String name) {
    byName(sql, name)
        .ifPresent(
            found -> {
              throw new RecordExistsException(
                  "Cannot name an experiment %s: found experiment %s of that name, which is %s (choose another name%s)"
                      .formatted(
                          name,
                          found.id(),
                          found.lifecycle().name().toLowerCase(Locale.ROOT),
                          found.lifecycle() == Lifecycle.DELETED ? ", or restore it" : ""));
            });
  }

  @Override
  public Optional<ExperimentRecord> find(String id) {
    return database.read(sql -> byId(sql, id));
  }

  @Override
  public Optional<ExperimentRecord> findByName(String name) {
    return database.read(sql -> byName(sql, name));
  }

  private static Optional<ExperimentRecord> byId(Sql sql, String id) {
    return sql.first(
            "select " + COLUMNS + " from experiment r where r.id = ?", SqlExperiments::row, id)
        .map(found -> withTags(sql, List.of(found)).get(0));
  }

  private static Optional<ExperimentRecord> byName(Sql sql, String name) {
    return sql.first(
            "select " + COLUMNS + " from experiment r where r.name = ?", SqlExperiments::row, name)
        .map(found -> withTags(sql, List.of(found)).get(0));
  }

  private static ExperimentRecord require(Sql sql, String id) {
    return byId(sql, id)
        .orElseThrow(
            () ->
                new RecordNotFoundException(
                    "Cannot find experiment %s: expected the id of one on record".formatted(id)));
  }

  @Override
  public Page<ExperimentRecord> search(Search search) {
    SearchPlan plan = SearchPlan.of(SearchTable.EXPERIMENTS, search);
    return database.read(
        sql -> {
          Page<ExperimentRecord> found = plan.page(sql, COLUMNS, SqlExperiments::row);
          return new Page<>(withTags(sql, found.items()), found.next());
        });
  }

  @Override
  public void rename(String id, String name) {
    Names.requireName("experiment", name);
    database.write(
        sql -> {
          ExperimentRecord experiment = require(sql, id);
          if (experiment.lifecycle() == Lifecycle.DELETED) {
            throw new InvalidRequestException(
                "Cannot rename experiment %s: it was deleted (restore it first)".formatted(id));
          }
          if (!experiment.name().equals(name)) {
            requireFree(sql, name);
          }
          return sql.update(
              "update experiment set name = ?, updated_at = ? where id = ?",
              name,
              clock.millis(),
              id);
        });
  }

  @Override
  public void delete(String id) {
    database.write(
        sql -> {
          require(sql, id);
          move(sql, id, Lifecycle.DELETED);
          return sql.update(
              "update run set lifecycle = 'DELETED', deleted_with_experiment = 1 where experiment_id = ? and lifecycle = 'ACTIVE'",
              id);
        });
  }

  @Override
  public void restore(String id) {
    database.write(
        sql -> {
          require(sql, id);
          move(sql, id, Lifecycle.ACTIVE);
          return sql.update(
              "update run set lifecycle = 'ACTIVE', deleted_with_experiment = 0 where experiment_id = ? and deleted_with_experiment = 1",
              id);
        });
  }

  private void move(Sql sql, String id, Lifecycle lifecycle) {
    sql.update(
        "update experiment set lifecycle = ?, updated_at = ? where id = ?",
        lifecycle.name(),
        clock.millis(),
        id);
  }

  @Override
  public void setTag(String id, String key, String value) {
    Names.requireTag(key, value);
    database.write(
        sql -> {
          require(sql, id);
          putTag(sql, id, key, value);
          return touch(sql, id);
        });
  }

  private static void putTag(Sql sql, String id, String key, String value) {
    sql.update(
        "insert into experiment_tag (experiment_id, key, value) values (?, ?, ?) on conflict (experiment_id, key) do update set value = excluded.value",
        id,
        key,
        value);
  }

  @Override
  public void deleteTag(String id, String key) {
    database.write(
        sql -> {
          require(sql, id);
          int removed =
              sql.update("delete from experiment_tag where experiment_id = ? and key = ?", id, key);
          if (removed == 0) {
            throw new RecordNotFoundException(
                "Cannot remove tag %s of experiment %s: found no such tag".formatted(key, id));
          }
          return touch(sql, id);
        });
  }

  private int touch(Sql sql, String id) {
    return sql.update("update experiment set updated_at = ? where id = ?", clock.millis(), id);
  }

  private static ExperimentRecord row(ResultSet row) throws SQLException {
    return new ExperimentRecord(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        Lifecycle.valueOf(row.getString(4)),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        Map.of());
  }

  private static List<ExperimentRecord> withTags(Sql sql, List<ExperimentRecord> experiments) {
    Map<String, Map<String, String>> tags = new HashMap<>();
    sql.forEach(
        "select experiment_id, key, value from experiment_tag where "
            + sql.dialect().isOneOf("experiment_id"),
        row ->
            tags.computeIfAbsent(row.getString(1), id -> new HashMap<>())
                .put(row.getString(2), row.getString(3)),
        experiments.stream().map(ExperimentRecord::id).toList());
    return experiments.stream()
        .map(
            e ->
                new ExperimentRecord(
                    e.id(),
                    e.name(),
                    e.artifactLocation(),
                    e.lifecycle(),
                    e.createdAt(),
                    e.updatedAt(),
                    tags.getOrDefault(e.id(), Map.of())))
        .toList();
  }
}
