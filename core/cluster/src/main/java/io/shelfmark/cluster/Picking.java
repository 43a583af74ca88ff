package io.shelfmark.cluster;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import java.time.Instant;
import java.util.List;

/**
 * Takes due rows of a queue, never more than asked for. db-scheduler's own statement has the LIMIT
 * in a subquery that PostgreSQL may run more than once; a row taken beyond the limit would wait
 * without a heartbeat. A materialized one runs once.
 *
 * <p>It does not wait for the disk: a row whose taking the database forgets in a crash is delivered
 * once more.
 */
final class Picking extends PostgreSqlJdbcCustomization {

  private static final String SQL =
      """
      WITH due AS MATERIALIZED (
        SELECT task_name, task_instance FROM %1$s
        WHERE NOT picked AND execution_time <= ?
        ORDER BY priority DESC, execution_time
        LIMIT %2$d FOR UPDATE SKIP LOCKED),
      taken AS (
        UPDATE %1$s SET picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1
        FROM due
        WHERE %1$s.task_name = due.task_name AND %1$s.task_instance = due.task_instance
        RETURNING %1$s.*)
      SELECT *, set_config('synchronous_commit', 'off', true) FROM taken
      ORDER BY priority DESC, execution_time""";

  Picking() {
    super(false, false);
  }

  @Override
  public List<Execution> lockAndFetchSingleStatement(
      JdbcTaskRepositoryContext context, Instant now, int limit, boolean orderByPriority) {
    return context.jdbcRunner.query(
        SQL.formatted(context.tableName, limit),
        statement -> {
          setInstant(statement, 1, now);
          statement.setString(2, context.schedulerName.getName());
          setInstant(statement, 3, now);
        },
        context.resultSetMapper.get());
  }
}
