package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.Curve;
import io.shelfmark.tracking.store.DatasetInput;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.ModelOutput;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.Page;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunInfo;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunQuery;
import io.shelfmark.tracking.store.RunRecord;
import io.shelfmark.tracking.store.RunStore;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs' tables. Thread-safe. */
final class SqlRuns implements RunStore {

  private static final Logger LOG = LoggerFactory.getLogger(SqlRuns.class);

  /** How long a run that says that it lives may say nothing. It says so six times meanwhile. */
  static final Duration SILENCE = Duration.ofMinutes(1);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final int MAX_DIGEST = 36;

  private final Database database;
  private final Clock clock;

  /** When silent runs are looked for next, in milliseconds since 1970. */
  private final AtomicLong nextLook = new AtomicLong();

  SqlRuns(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public RunRecord create(NewRun run) {
    writeOne(new RunWrite.Create(run));
    return find(run.id()).orElseThrow(() -> RunRows.notFound(run.id()));
  }

  @Override
  public RunInfo update(String id, RunUpdate update) {
    writeOne(new RunWrite.Update(id, update));
    return database.read(sql -> RunRows.require(sql, id));
  }

  @Override
  public void log(String id, RunLog log) {
    writeOne(new RunWrite.Log(id, log));
  }

  private void writeOne(RunWrite write) {
    for (Refusal refusal : write(List.of(write))) {
      throw refusal.reason();
    }
  }

  @Override
  public List<Refusal> write(List<RunWrite> writes) {
    return writes.isEmpty()
        ? List.of()
        : database.write(sql -> new RunTransaction(sql, writes).run());
  }

  @Override
  public Optional<RunRecord> find(String id) {
    killSilent();
    return database.read(
        sql -> RunRows.find(sql, id).map(info -> RunRows.withDetails(sql, List.of(info)).get(0)));
  }

  @Override
  public Page<RunRecord> search(RunQuery query) {
    SearchPlan plan = SearchPlan.of(query);
    killSilent();
    return database.read(
        sql -> {
          List<String> experiments = query.experiments();
          if (experiments.size() == 1) {
            // one alone is read in the order of its index
            plan.require("r.experiment_id = ?", experiments.get(0));
          } else {
            plan.require(sql.dialect().isOneOf("r.experiment_id"), experiments);
          }
          Page<RunInfo> found = plan.page(sql, RunRows.COLUMNS, RunRows::info);
          return new Page<>(RunRows.withDetails(sql, found.items()), found.next());
        });
  }

  @Override
  public void delete(String id) {
    move(id, Lifecycle.DELETED);
  }

  @Override
  public void restore(String id) {
    move(id, Lifecycle.ACTIVE);
  }

  private void move(String id, Lifecycle lifecycle) {
    int found =
        database.write(
            sql ->
                sql.update(
                    "update run set lifecycle = ?, deleted_with_experiment = 0 where id = ?",
                    lifecycle.name(),
                    id));
    if (found == 0) {
      throw RunRows.notFound(id);
    }
  }

  @Override
  public void deleteTag(String id, String key) {
    database.write(
        sql -> {
          requireActive(sql, id);
          int removed = sql.update("delete from run_tag where run_id = ? and key = ?", id, key);
          if (removed == 0) {
            throw new RecordNotFoundException(
                "Cannot remove tag %s of run %s: found no such tag".formatted(key, id));
          }
          return removed;
        });
  }

  @Override
  public void logInputs(String id, List<DatasetInput> datasets, List<String> modelIds) {
    datasets.forEach(SqlRuns::requireNames);
    modelIds.forEach(SqlRuns::requireModelId);
    database.write(
        sql -> {
          requireActive(sql, id);
          for (DatasetInput dataset : datasets) {
            put(sql, id, dataset);
          }
          for (String modelId : modelIds) {
            put(sql, id, "INPUT", modelId, 0);
          }
          return datasets.size();
        });
  }

  @Override
  public void logOutputs(String id, List<ModelOutput> models) {
    models.forEach(model -> requireModelId(model.modelId()));
    database.write(
        sql -> {
          requireActive(sql, id);
          for (ModelOutput model : models) {
            put(sql, id, "OUTPUT", model.modelId(), model.step());
          }
          return models.size();
        });
  }

  /** The limits are MLflow's. */
  private static void requireNames(DatasetInput dataset) {
    Names.requireName("dataset", dataset.name());
    if (dataset.digest().isEmpty() || dataset.digest().length() > MAX_DIGEST) {
      throw new InvalidRequestException(
          "Cannot log dataset %s: found a digest of %d characters, expected 1 to %d"
              .formatted(dataset.name(), dataset.digest().length(), MAX_DIGEST));
    }
  }

  private static void requireModelId(String id) {
    if (id.isBlank() || id.length() > Names.MAX_KEY) {
      throw new InvalidRequestException(
          "Cannot log a logged model: found an id of %d characters, expected 1 to %d"
              .formatted(id.length(), Names.MAX_KEY));
    }
  }

  private static void put(Sql sql, String id, DatasetInput dataset) {
    sql.update(
        """
        insert into run_dataset
          (run_id, name, digest, source_type, source, schema_text, profile, context, tags)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (run_id, name, digest) do update set context = excluded.context, tags = excluded.tags
        """,
        id,
        dataset.name(),
        dataset.digest(),
        dataset.sourceType(),
        dataset.source(),
        dataset.schema(),
        dataset.profile(),
        dataset.tags().get("mlflow.data.context"),
        RunRows.json(dataset.tags()));
  }

  private static void put(Sql sql, String id, String direction, String modelId, long step) {
    sql.update(
        """
        insert into run_model (run_id, direction, model_id, step) values (?, ?, ?, ?)
        on conflict (run_id, direction, model_id) do update set step = excluded.step
        """,
        id,
        direction,
        modelId,
        step);
  }

  private static void requireActive(Sql sql, String id) {
    if (RunRows.require(sql, id).lifecycle() == Lifecycle.DELETED) {
      throw deleted(id);
    }
  }

  static InvalidRequestException deleted(String id) {
    return new InvalidRequestException(
        "Cannot log to run %s: it was deleted (restore it first)".formatted(id));
  }

  @Override
  public Page<Metric> history(String id, String key, int limit, Optional<String> page) {
    return database.read(
        sql -> {
          RunRows.require(sql, id);
          return new Histories(sql).page(id, key, limit, page);
        });
  }

  @Override
  public Curve curve(String id, String key, int points) {
    return database.read(
        sql -> {
          RunRows.require(sql, id);
          return new Histories(sql).curve(id, key, points);
        });
  }

  /**
   * Whoever looks at runs marks those whose process died, now and then; so there is no process that
   * must live for it.
   */
  private void killSilent() {
    long now = clock.millis();
    long due = nextLook.get();
    // further away than that it is only when the clock went back
    boolean isEarly = now < due && due - now <= LOOK_EVERY.toMillis();
    if (isEarly || !nextLook.compareAndSet(due, now + LOOK_EVERY.toMillis())) {
      return;
    }
    long since = now - SILENCE.toMillis();
    boolean isThere =
        database.read(
            sql ->
                sql.first(
                        "select 1 from run where status = 'RUNNING' and heartbeat_at < ? limit 1",
                        row -> true,
                        since)
                    .isPresent());
    if (!isThere) {
      return;
    }
    try {
      database.write(
          sql ->
              sql.update(
                  "update run set status = 'KILLED', end_time = heartbeat_at, silent = 1 where status = 'RUNNING' and heartbeat_at < ?",
                  since));
    } catch (StoreUnavailableException e) {
      // who only looks, as with a full disk, sees it as it is on record
      LOG.debug("Silent runs were not marked", e);
    }
  }
}
