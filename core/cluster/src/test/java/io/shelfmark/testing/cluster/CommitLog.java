package io.shelfmark.testing.cluster;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What the database has of runs and steps, seen from outside: a trigger notes every commit of a
 * step, so that a second one could not hide.
 */
final class CommitLog {

  /** Guards the deletion of a ticket: a harness that holds it stops workers just before. */
  private static final int DELETE_LOCK = 20_261;

  /** The server shows the locks of all its databases: others are held up there as well. */
  private static final String WAITS =
      """
      SELECT pid FROM pg_locks
      WHERE locktype = 'advisory' AND objid = %d AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
          .formatted(DELETE_LOCK);

  private final String url;

  CommitLog(FaultDatabase database, String name) {
    this.url =
        "jdbc:postgresql://localhost:%d/%s?user=postgres&password=postgres"
            .formatted(database.port(), name);
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> texts(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(texts(sql).get(0));
  }

  /** Begins to note commits; the schema must be there. */
  void install() throws SQLException {
    execute(
        """
        CREATE TABLE fault_commits (run text, node text, place int, epoch int, holder text,
          at timestamptz DEFAULT clock_timestamp());
        CREATE FUNCTION fault_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          INSERT INTO fault_commits (run, node, place, epoch, holder)
          VALUES (NEW.run, NEW.node, NEW.place, NEW.epoch, OLD.holder);
          RETURN NEW;
        END $$;
        CREATE TRIGGER fault_commit AFTER UPDATE ON shelfmark_pipeline_steps FOR EACH ROW
          WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION fault_commit();""");
  }

  List<String> queues() throws SQLException {
    return texts(
        """
        SELECT table_name FROM information_schema.tables
        WHERE table_name LIKE 'shelfmark_queue_%' ORDER BY 1""");
  }

  /**
   * Until {@link #letDelete}, no ticket of an element can be deleted: the session that tries to
   * waits. That of the fan-out itself may go late, and tells nothing of the elements.
   */
  Connection holdDeletes() throws SQLException {
    for (String queue : queues()) {
      execute(
          """
          CREATE OR REPLACE FUNCTION fault_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM pg_advisory_xact_lock(%d);
            RETURN OLD;
          END $$;
          CREATE TRIGGER fault_delete BEFORE DELETE ON %s FOR EACH ROW
            WHEN (OLD.task_instance LIKE '%%]/g%%') EXECUTE FUNCTION fault_delete();"""
              .formatted(DELETE_LOCK, queue));
    }
    Connection holder = connect();
    try (Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(%d)".formatted(DELETE_LOCK));
    }
    return holder;
  }

  /** Whether a session is about to delete a ticket, and waits. */
  boolean isDeleting() throws SQLException {
    return number("SELECT count(*) FROM (%s) AS waits".formatted(WAITS)) > 0;
  }

  /** Ends the sessions that wait, with nothing deleted, and lets later ones delete. */
  void letDelete(Connection holder) throws SQLException {
    execute(
        """
        SELECT pg_terminate_backend(pid) FROM (%s) AS waits"""
            .formatted(WAITS));
    holder.close();
    for (String queue : queues()) {
      execute("DROP TRIGGER fault_delete ON " + queue);
    }
  }

  /** Whether there are runs and none goes on. */
  boolean isDone() throws SQLException {
    return number(
            "SELECT count(*) FILTER (WHERE state = 'RUNNING') * 2 + (count(*) = 0)::int"
                + " FROM shelfmark_pipeline_runs")
        == 0;
  }

  /** Tickets that lie in any queue. */
  long tickets() throws SQLException {
    long all = 0;
    for (String queue : queues()) {
      all += number("SELECT count(*) FROM " + queue);
    }
    return all;
  }

  /** What must hold in the end whatever happened; tells what does not. */
  List<String> wrongs() throws SQLException {
    List<String> wrongs = new ArrayList<>();
    wrongs.addAll(
        texts(
            """
            SELECT 'run ' || id || ' is ' || state || coalesce(': ' || failure, '')
            FROM shelfmark_pipeline_runs WHERE state <> 'SUCCEEDED'"""));
    wrongs.addAll(
        texts(
            """
            SELECT 'step ' || node || '[' || place || '] is ' || state || coalesce(': ' || failure, '')
            FROM shelfmark_pipeline_steps
            WHERE node <> '' AND state <> 'SUCCEEDED'"""));
    wrongs.addAll(
        texts(
            """
            SELECT 'step ' || node || '[' || place || '] has ' || count(*) || ' commits'
            FROM fault_commits WHERE node <> '' GROUP BY run, node, place HAVING count(*) <> 1"""));
    return wrongs;
  }
}
