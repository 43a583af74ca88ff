package io.shelfmark.cluster;

import io.shelfmark.storage.Digest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The table of one queue, in the form that db-scheduler wants. A queue has a table of its own
 * because a process deletes, in time, rows whose task it does not know.
 */
final class QueueTable {

  /** The one kind of task in a table. */
  static final String TASK = "ticket";

  /** PostgreSQL's names have 63 bytes; an index has a suffix more. */
  private static final int LONGEST_LABEL = 24;

  private final String name;

  private QueueTable(String name) {
    this.name = name;
  }

  /**
   * Of a label's letters and digits, in lower case, and the beginning of its digest: two labels
   * have two tables, whatever they are, and nothing in a label is SQL.
   */
  static QueueTable of(String label) {
    String readable = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    String digest = Digest.of(label.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hex();
    return new QueueTable(
        "shelfmark_queue_"
            + readable.substring(0, Math.min(LONGEST_LABEL, readable.length()))
            + "_"
            + digest.substring(0, 8));
  }

  String name() {
    return name;
  }

  /**
   * Makes the table unless it is there. The lock is needed: two processes that create one table at
   * the same time fail in spite of IF NOT EXISTS. Vacuum comes often because rows come and go.
   */
  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('shelfmark queues'));
            CREATE TABLE IF NOT EXISTS %1$s (
              task_name text NOT NULL,
              task_instance text NOT NULL,
              task_data bytea,
              execution_time timestamptz NOT NULL,
              picked boolean NOT NULL,
              picked_by text,
              last_success timestamptz,
              last_failure timestamptz,
              consecutive_failures int,
              last_heartbeat timestamptz,
              version bigint NOT NULL,
              priority smallint NOT NULL,
              PRIMARY KEY (task_name, task_instance)
            ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02,
                autovacuum_analyze_scale_factor = 0.05);
            CREATE INDEX IF NOT EXISTS %1$s_due
              ON %1$s (picked, priority DESC, execution_time);
          END $$"""
              .formatted(name));
    }
  }

  /** One statement, however many there are. */
  void insert(Connection connection, List<Ticket> tickets) throws SQLException {
    String sql =
        """
        INSERT INTO %s (task_name, task_instance, execution_time, picked, version, priority)
        SELECT '%s', id, clock_timestamp() + delay * interval '1 millisecond', false, 1, priority
        FROM unnest(?, ?, ?) AS given (id, delay, priority)
        ON CONFLICT DO NOTHING"""
            .formatted(name, TASK);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, array(connection, "text", tickets.stream().map(Ticket::id)));
      statement.setArray(
          2, array(connection, "bigint", tickets.stream().map(t -> t.delay().toMillis())));
      statement.setArray(
          3, array(connection, "smallint", tickets.stream().map(t -> (short) t.priority())));
      statement.executeUpdate();
    }
  }

  private static Array array(
      Connection connection, String type, java.util.stream.Stream<? extends Object> values)
      throws SQLException {
    return connection.createArrayOf(type, values.toArray());
  }

  /**
   * Takes a ticket away that is done with, unless another owner has it; whether it was there.
   * Without waiting for the disk: one that comes back after a crash finds its step done.
   */
  boolean remove(Connection connection, String id, long version) throws SQLException {
    String sql =
        """
        WITH gone AS (
          DELETE FROM %s WHERE task_name = '%s' AND task_instance = ? AND version = ?
          RETURNING task_instance)
        SELECT set_config('synchronous_commit', 'off', true) FROM gone"""
            .formatted(name, TASK);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      statement.setLong(2, version);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  Set<String> missing(Connection connection, Collection<String> ids) throws SQLException {
    String sql =
        """
        SELECT id FROM unnest(?) AS given (id)
        WHERE NOT EXISTS (SELECT 1 FROM %s WHERE task_name = '%s' AND task_instance = id)"""
            .formatted(name, TASK);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, array(connection, "text", ids.stream()));
      Set<String> found = new HashSet<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }

  QueueDepth depth(Connection connection) throws SQLException {
    String sql =
        """
        SELECT count(*) FILTER (WHERE NOT picked AND execution_time <= clock_timestamp()),
          count(*) FILTER (WHERE NOT picked AND execution_time > clock_timestamp()),
          count(*) FILTER (WHERE picked)
        FROM %s"""
            .formatted(name);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new QueueDepth(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }
}
