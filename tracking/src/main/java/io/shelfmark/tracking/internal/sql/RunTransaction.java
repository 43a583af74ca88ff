package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.internal.Names;
import io.shelfmark.tracking.store.InvalidRequestException;
import io.shelfmark.tracking.store.Lifecycle;
import io.shelfmark.tracking.store.Metric;
import io.shelfmark.tracking.store.NewRun;
import io.shelfmark.tracking.store.ParamChangedException;
import io.shelfmark.tracking.store.RecordNotFoundException;
import io.shelfmark.tracking.store.Refusal;
import io.shelfmark.tracking.store.RunLog;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Many writes in one transaction. First it reads what they depend on, with one query a table, and
 * keeps the runs from others; then it decides in memory, write by write, what is refused; then it
 * writes what remains, with one batch a table. Not thread-safe, used once.
 */
final class RunTransaction {

  private final Sql sql;
  private final List<RunWrite> writes;
  private final Map<String, PendingRun> runs = new HashMap<>();

  /** The artifact location of each experiment that runs are made in; empty of a deleted one. */
  private final Map<String, String> experiments = new HashMap<>();

  private final RunRowWrites rows = new RunRowWrites();
  private final List<Refusal> refusals = new ArrayList<>();

  RunTransaction(Sql sql, List<RunWrite> writes) {
    this.sql = sql;
    this.writes = writes;
  }

  List<Refusal> run() {
    read();
    for (RunWrite write : writes) {
      try {
        apply(write);
      } catch (TrackingException e) {
        refusals.add(new Refusal(write, e));
      }
    }
    rows.write(sql, runs);
    return refusals;
  }

  private void read() {
    // in one order for everyone: two transactions that share runs cannot wait for each other
    TreeSet<String> ids = new TreeSet<>();
    TreeSet<String> experimentIds = new TreeSet<>();
    TreeSet<String> withParams = new TreeSet<>();
    for (RunWrite write : writes) {
      ids.add(write.runId());
      if (write instanceof RunWrite.Create create) {
        experimentIds.add(create.run().experimentId());
      } else if (write instanceof RunWrite.Log log && !log.log().params().isEmpty()) {
        withParams.add(log.runId());
      }
    }
    Dialect dialect = sql.dialect();
    sql.forEach(
        "select id, lifecycle from run where "
            + dialect.isOneOf("id")
            + " order by id"
            + dialect.lockingRows(),
        row -> {
          PendingRun state = new PendingRun();
          state.isDeleted = row.getString(2).equals(Lifecycle.DELETED.name());
          runs.put(row.getString(1), state);
        },
        List.copyOf(ids));
    if (!experimentIds.isEmpty()) {
      sql.forEach(
          "select id, lifecycle, artifact_location from experiment where " + dialect.isOneOf("id"),
          row ->
              experiments.put(
                  row.getString(1),
                  row.getString(2).equals(Lifecycle.DELETED.name()) ? "" : row.getString(3)),
          List.copyOf(experimentIds));
    }
    withParams.retainAll(runs.keySet());
    if (!withParams.isEmpty()) {
      sql.forEach(
          "select run_id, key, value from run_param where " + dialect.isOneOf("run_id"),
          row ->
              Objects.requireNonNull(runs.get(row.getString(1)))
                  .params
                  .put(row.getString(2), row.getString(3)),
          List.copyOf(withParams));
    }
  }

  private void apply(RunWrite write) {
    if (write instanceof RunWrite.Create create) {
      create(create.run());
    } else if (write instanceof RunWrite.Log log) {
      log(log.runId(), log.log());
    } else if (write instanceof RunWrite.Update update) {
      update(update.runId(), update.update());
    } else if (write instanceof RunWrite.Heartbeat heartbeat) {
      PendingRun state = requireActive(heartbeat.runId());
      long time = heartbeat.time().toEpochMilli();
      if (state.row != null) {
        state.row.heartbeat(time);
      } else {
        rows.heartbeat(heartbeat.runId(), time);
      }
    }
  }

  private void create(NewRun run) {
    if (runs.containsKey(run.id())) {
      return;
    }
    String location = experiments.get(run.experimentId());
    if (location == null) {
      throw new RecordNotFoundException(
          "Cannot begin run %s: found no experiment %s".formatted(run.id(), run.experimentId()));
    }
    if (location.isEmpty()) {
      throw new InvalidRequestException(
          "Cannot begin run %s: experiment %s was deleted (restore it first)"
              .formatted(run.id(), run.experimentId()));
    }
    if (!run.id().matches("[0-9a-f]{32}")) {
      throw new InvalidRequestException(
          "Cannot begin run %s: expected an id of 32 lower-case hexadecimal digits"
              .formatted(run.id()));
    }
    Names.requireTags(run.tags());
    Names.requireText(run.user());
    String name =
        !run.name().isEmpty()
            ? run.name()
            : run.tags().getOrDefault(NewRun.NAME_TAG, RunNames.of(run.id()));
    Names.requireTag(NewRun.NAME_TAG, name);
    PendingRun state = new PendingRun();
    state.newTags.putAll(run.tags());
    state.newTags.put(NewRun.NAME_TAG, name);
    runs.put(run.id(), state);
    NewRunRow row = new NewRunRow(run, name, location + "/" + run.id() + "/artifacts");
    state.row = row;
    rows.create(row);
  }

  private PendingRun requireActive(String id) {
    PendingRun state = runs.get(id);
    if (state == null) {
      throw RunRows.notFound(id);
    }
    if (state.isDeleted) {
      throw SqlRuns.deleted(id);
    }
    return state;
  }

  private void log(String id, RunLog log) {
    PendingRun state = requireActive(id);
    log.params()
        .forEach(
            (key, value) -> {
              Names.requireKey("param", key);
              Names.requireValue("param", key, value, Names.MAX_PARAM);
              String recorded = state.params.get(key);
              if (recorded != null && !recorded.equals(value)) {
                throw new ParamChangedException(id, key, recorded, value);
              }
            });
    Names.requireTags(log.tags());
    for (Metric metric : log.metrics()) {
      if (!state.series.containsKey(metric.key())) {
        Names.requireKey("metric", metric.key());
      }
    }
    // nothing can be refused from here on
    log.params()
        .forEach(
            (key, value) -> {
              if (state.params.putIfAbsent(key, value) == null) {
                state.newParams.put(key, value);
              }
            });
    state.newTags.putAll(log.tags());
    String name = log.tags().get(NewRun.NAME_TAG);
    if (name != null) {
      update(state, id, new RunUpdate(Optional.empty(), Optional.empty(), Optional.of(name)));
    }
    for (Metric metric : log.metrics()) {
      state
          .series
          .computeIfAbsent(metric.key(), key -> new SeriesBatch(id, key))
          .points
          .add(metric);
    }
  }

  private void update(String id, RunUpdate update) {
    PendingRun state = requireActive(id);
    update.name().ifPresent(name -> Names.requireTag(NewRun.NAME_TAG, name));
    update.name().ifPresent(name -> state.newTags.put(NewRun.NAME_TAG, name));
    update(state, id, update);
  }

  private void update(PendingRun state, String id, RunUpdate update) {
    if (state.row != null) {
      state.row.update(update);
      return;
    }
    rows.update(id, update);
  }
}
