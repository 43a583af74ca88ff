package io.shelfmark.tracking.internal.sql;

import io.shelfmark.tracking.store.RunUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a transaction has decided to write, with one batch a table. Rows of runs come
 * first, for the others refer to them. Not thread-safe, used once.
 */
final class RunRowWrites {

  private final List<NewRunRow> created = new ArrayList<>();
  private final List<@Nullable Object[]> updated = new ArrayList<>();
  private final List<@Nullable Object[]> heartbeats = new ArrayList<>();

  /** A run is made; its row may change until it is written. */
  void create(NewRunRow row) {
    created.add(row);
  }

  /** A run changes that was there before. */
  void update(String id, RunUpdate update) {
    @Nullable String status = update.status().map(Enum::name).orElse(null);
    updated.add(
        new @Nullable Object[] {
          status,
          status,
          status,
          status,
          update.endTime().map(Instant::toEpochMilli).orElse(null),
          update.name().orElse(null),
          id
        });
  }

  /** A run that was there before gave a sign of life. */
  void heartbeat(String id, long time) {
    heartbeats.add(new @Nullable Object[] {time, id});
  }

  /**
   * Writes all rows.
   *
   * @param runs what they leave of params, tags and metrics, by the ids of runs
   */
  void write(Sql sql, Map<String, PendingRun> runs) {
    sql.updateAll(
        """
        insert into run
          (id, experiment_id, name, user_name, status, start_time, end_time, artifact_location, lifecycle, heartbeat_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        created.stream().map(NewRunRow::params).toList());
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
