package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.LoggedModelRecord;
import io.shelfmark.tracking.store.LoggedModelStatus;
import io.shelfmark.tracking.store.LoggedModelStore;
import io.shelfmark.tracking.store.NewLoggedModel;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Search;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The logged models' tables. The metrics of a logged model are those of the run that made it and of
 * the runs that used it. Thread-safe.
 */
final class SqlLoggedModels implements LoggedModelStore {

  private final Database database;
  private final Clock clock;

  SqlLoggedModels(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public LoggedModelRecord create(NewLoggedModel model) {
    Names.requireTags(model.tags());
    requireParams(model.params());
    String id = "m-" + NewRun.newId();
    String name = model.name().isEmpty() ? RunNames.of(id) : model.name();
    Names.requireName("logged model", name);
    return database.write(
        sql -> {
          long now = clock.millis();
          sql.update(
              """
              insert into logged_model (id, experiment_id, name, model_type, status, source_run_id,
                artifact_location, lifecycle, created_at, updated_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              id,
              model.experimentId(),
              name,
              model.type(),
              LoggedModelStatus.PENDING.name(),
              model.sourceRunId().orElse(null),
              experimentLocation(sql, model.experimentId()) + "/models/" + id + "/artifacts",
              Lifecycle.ACTIVE.name(),
              now,
              now);
          putParams(sql, id, model.params());
          putTags(sql, id, model.tags());
          return LoggedModelRows.require(sql, id);
        });
  }

  private static String experimentLocation(Sql sql, String experiment) {
    record Found(String location, boolean isDeleted) {}
    Found found =
        sql.first(
                "select artifact_location, lifecycle from experiment where id = ?",
                row -> new Found(row.getString(1), row.getString(2).equals("DELETED")),
                experiment)
            .orElseThrow(
                () ->
                    new RecordNotFoundException(
                        "Cannot find experiment %s: expected the id of one on record"
                            .formatted(experiment)));
    if (found.isDeleted()) {
      throw new InvalidRequestException(
          "Cannot log a model to experiment %s: it was deleted (restore it first)"
              .formatted(experiment));
    }
    return found.location();
  }

  @Override
  public Optional<LoggedModelRecord> find(String id) {
    return database.read(sql -> LoggedModelRows.find(sql, id));
  }

  @Override
  public Page<LoggedModelRecord> search(Collection<String> experimentIds, Search search) {
    SearchPlan plan = SearchPlan.of(SearchTable.LOGGED_MODELS, search);
    return database.read(
        sql -> {
          plan.require(sql.dialect().isOneOf("r.experiment_id"), List.copyOf(experimentIds));
          Page<LoggedModelRecord> found =
              plan.page(sql, LoggedModelRows.COLUMNS, LoggedModelRows::row);
          return new Page<>(LoggedModelRows.withDetails(sql, found.items()), found.next());
        });
  }

  @Override
  public LoggedModelRecord finish(String id, LoggedModelStatus status) {
    return database.write(
        sql -> {
          LoggedModelRows.require(sql, id);
          sql.update("update logged_model set status = ? where id = ?", status.name(), id);
          touch(sql, id);
          return LoggedModelRows.require(sql, id);
        });
  }

  @Override
  public void logParams(String id, Map<String, String> params) {
    requireParams(params);
    database.write(
        sql -> {
          Map<String, String> known = LoggedModelRows.require(sql, id).params();
          params.forEach((key, value) -> requireSame(id, key, known.get(key), value));
          putParams(sql, id, params);
          return touch(sql, id);
        });
  }

  private static void requireSame(String id, String key, @Nullable String recorded, String value) {
    if (recorded != null && !recorded.equals(value)) {
      throw new InvalidRequestException(
          "Cannot change param %s of logged model %s: found %s on record, got %s, expected the same (params are written once; use a tag)"
              .formatted(key, id, recorded, value));
    }
  }

  private static void requireParams(Map<String, String> params) {
    params.forEach(
        (key, value) -> {
          Names.requireKey("param", key);
          Names.requireValue("param", key, value, Names.MAX_PARAM);
        });
  }

  private static void putParams(Sql sql, String id, Map<String, String> params) {
    params.forEach(
        (key, value) ->
            sql.update(
                "insert into logged_model_param (model_id, key, value) values (?, ?, ?) on conflict do nothing",
                id,
                key,
                value));
  }

  @Override
  public void setTags(String id, Map<String, String> tags) {
    Names.requireTags(tags);
    database.write(
        sql -> {
          LoggedModelRows.require(sql, id);
          putTags(sql, id, tags);
          return touch(sql, id);
        });
  }

  private static void putTags(Sql sql, String id, Map<String, String> tags) {
    tags.forEach(
        (key, value) ->
            sql.update(
                """
                insert into logged_model_tag (model_id, key, value) values (?, ?, ?)
                on conflict (model_id, key) do update set value = excluded.value
                """,
                id,
                key,
                value));
  }

  @Override
  public void deleteTag(String id, String key) {
    database.write(
        sql -> {
          LoggedModelRows.require(sql, id);
          int removed =
              sql.update("delete from logged_model_tag where model_id = ? and key = ?", id, key);
          if (removed == 0) {
            throw new RecordNotFoundException(
                "Cannot remove tag %s of logged model %s: found no such tag".formatted(key, id));
          }
          return touch(sql, id);
        });
  }

  @Override
  public void delete(String id) {
    database.write(
        sql -> {
          LoggedModelRows.require(sql, id);
          sql.update("update logged_model set lifecycle = 'DELETED' where id = ?", id);
          return touch(sql, id);
        });
  }

  private int touch(Sql sql, String id) {
    return sql.update("update logged_model set updated_at = ? where id = ?", clock.millis(), id);
  }
}
