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
import io.shelfmark.tracking.store.RunStatus;
import io.shelfmark.tracking.store.RunUpdate;
import io.shelfmark.tracking.store.RunWrite;
import io.shelfmark.tracking.store.TrackingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Many writes in one transaction. First it reads what they depend on, with one query a table, and
 * keeps the runs from others; then it decides in memory, write by write, what is refused; then it
 * writes what remains, with one batch a table. Not thread-safe, used once.
 */
final class RunTransaction {

  /** What is known of a run: as it is in the database, and as the writes so far leave it. */
  private static final class State {
    boolean isDeleted;

    /** The row of a run that is made here, which takes what follows at once. */
    @Nullable NewRow row;

    final Map<String, String> params = new HashMap<>();
    final Map<String, String> newParams = new LinkedHashMap<>();
    final Map<String, String> newTags = new LinkedHashMap<>();
    final Map<String, SeriesBatch> series = new LinkedHashMap<>();
  }

  /** A run that is made in this transaction. */
  private static final class NewRow {
    final NewRun run;
    final String artifactLocation;
    String name;
    RunStatus status = RunStatus.RUNNING;
    @Nullable Long endTime;
    @Nullable Long heartbeat;

    NewRow(NewRun run, String name, String artifactLocation) {
      this.run = run;
      this.name = name;
      this.artifactLocation = artifactLocation;
    }

    void update(RunUpdate update) {
      update.name().ifPresent(value -> name = value);
      update.endTime().ifPresent(value -> endTime = value.toEpochMilli());
      update.status().ifPresent(value -> status = value);
      if (update.status().filter(RunStatus.RUNNING::equals).isPresent()) {
        endTime = null;
        heartbeat = null;
      }
    }

    @Nullable Object[] params() {
      return new @Nullable Object[] {
        run.id(),
        run.experimentId(),
        name,
        run.user(),
        status.name(),
        run.startTime().toEpochMilli(),
        endTime,
        artifactLocation,
        Lifecycle.ACTIVE.name(),
        heartbeat
      };
    }
  }

  private final Sql sql;
  private final List<RunWrite> writes;
  private final Map<String, State> runs = new HashMap<>();

  /** The artifact location of each experiment that takes runs. */
  private final Map<String, String> experiments = new HashMap<>();

  private final List<NewRow> created = new ArrayList<>();
  private final List<@Nullable Object[]> updated = new ArrayList<>();
  private final List<@Nullable Object[]> heartbeats = new ArrayList<>();
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
    write();
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
          State state = new State();
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
      State state = requireActive(heartbeat.runId());
      long time = heartbeat.time().toEpochMilli();
      if (state.row != null) {
        state.row.heartbeat = time;
      } else {
        heartbeats.add(new @Nullable Object[] {time, heartbeat.runId()});
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
    State state = new State();
    state.newTags.putAll(run.tags());
    state.newTags.put(NewRun.NAME_TAG, name);
    runs.put(run.id(), state);
    NewRow row = new NewRow(run, name, location + "/" + run.id() + "/artifacts");
    state.row = row;
    created.add(row);
  }

  private State requireActive(String id) {
    State state = runs.get(id);
    if (state == null) {
      throw RunRows.notFound(id);
    }
    if (state.isDeleted) {
      throw SqlRuns.deleted(id);
    }
    return state;
  }

  private void log(String id, RunLog log) {
    State state = requireActive(id);
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
    State state = requireActive(id);
    update.name().ifPresent(name -> Names.requireTag(NewRun.NAME_TAG, name));
    update.name().ifPresent(name -> state.newTags.put(NewRun.NAME_TAG, name));
    update(state, id, update);
  }

  private void update(State state, String id, RunUpdate update) {
    if (state.row != null) {
      state.row.update(update);
      return;
    }
    @Nullable String status = update.status().map(Enum::name).orElse(null);
    updated.add(
        new @Nullable Object[] {
          status,
          status,
          status,
          status,
          update.endTime().map(java.time.Instant::toEpochMilli).orElse(null),
          update.name().orElse(null),
          id
        });
  }

  private void write() {
    sql.updateAll(
        """
        insert into run
          (id, experiment_id, name, user_name, status, start_time, end_time, artifact_location, lifecycle, heartbeat_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        created.stream().map(NewRow::params).toList());
    List<@Nullable Object[]> params = new ArrayList<>();
    List<@Nullable Object[]> tags = new ArrayList<>();
    List<SeriesBatch> series = new ArrayList<>();
    runs.forEach(
        (id, state) -> {
          state.newParams.forEach(
              (key, value) -> params.add(new @Nullable Object[] {id, key, value}));
          state.newTags.forEach((key, value) -> tags.add(new @Nullable Object[] {id, key, value}));
          series.addAll(state.series.values());
        });
    sql.updateAll("insert into run_param (run_id, key, value) values (?, ?, ?)", params);
    sql.updateAll(
        """
        insert into run_tag (run_id, key, value) values (?, ?, ?)
        on conflict (run_id, key) do update set value = excluded.value
        """,
        tags);
    new SeriesWriter(sql).write(series);
    sql.updateAll(
        """
        update run set
          status = coalesce(?, status),
          silent = case when cast(? as text) is null then silent else 0 end,
          heartbeat_at = case when cast(? as text) = 'RUNNING' then null else heartbeat_at end,
          end_time = case when cast(? as text) = 'RUNNING' then null else coalesce(?, end_time) end,
          name = coalesce(?, name)
        where id = ?
        """,
        updated);
    sql.updateAll(
        """
        update run set heartbeat_at = ?,
          status = case when silent = 1 and status = 'KILLED' then 'RUNNING' else status end,
          end_time = case when silent = 1 and status = 'KILLED' then null else end_time end,
          silent = 0
        where id = ?
        """,
        heartbeats);
  }
}
