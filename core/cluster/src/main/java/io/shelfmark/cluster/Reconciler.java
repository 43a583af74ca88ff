package io.shelfmark.cluster;

import io.shelfmark.pipeline.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tickets to steps that can be done and have none: their ticket was dropped while the run was
 * paused, or lost in a way that nobody thought of. It goes through the steps page by page, one page
 * for each call. Not thread-safe but for {@link #all}.
 */
final class Reconciler {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final int PAGE = 2_000;

  private final Database database;
  private final Tickets tickets;
  private @Nullable StepKey last;

  /** A step that should have a ticket. */
  private record Due(StepKey step, String queue, int generation, int priority) {
    String ticket() {
      return new TicketId(step, generation).toString();
    }
  }

  Reconciler(Database database, Tickets tickets) {
    this.database = database;
    this.tickets = tickets;
  }

  /** Looks at the next page of the steps of all runs; gives how many had no ticket. */
  int next() throws SQLException {
    return database.together(
        connection -> {
          List<Due> page = page(connection, null, last);
          last = page.size() < PAGE ? null : page.get(page.size() - 1).step();
          return repair(connection, page);
        });
  }

  /** Looks at all steps of a run. */
  int all(RunId run) throws SQLException {
    return database.together(
        connection -> {
          int repaired = 0;
          @Nullable StepKey after = null;
          do {
            List<Due> page = page(connection, run, after);
            repaired += repair(connection, page);
            after = page.size() < PAGE ? null : page.get(page.size() - 1).step();
          } while (after != null);
          return repaired;
        });
  }

  private static List<Due> page(Connection connection, @Nullable RunId run, @Nullable StepKey after)
      throws SQLException {
    try (PreparedStatement statement =
            Rows.prepare(
                connection,
                """
                SELECT s.run, s.node, s.place, s.queue, s.ticket, r.priority
                FROM shelfmark_pipeline_runs r JOIN shelfmark_pipeline_steps s ON s.run = r.id
                WHERE r.state = 'RUNNING' AND NOT r.paused AND (?::text IS NULL OR r.id = ?)
                  AND s.node <> '' AND s.state IN ('WAITING', 'RUNNING') AND s.missing = 0
                  AND (s.run, s.node, s.place) > (?, ?, ?)
                ORDER BY s.run, s.node, s.place LIMIT %d"""
                    .formatted(PAGE),
                run == null ? null : run.value(),
                run == null ? null : run.value(),
                after == null ? "" : after.run().value(),
                after == null ? "" : after.node(),
                after == null ? StepKey.WHOLE : after.place());
        ResultSet row = statement.executeQuery()) {
      List<Due> page = new ArrayList<>();
      while (row.next()) {
        page.add(
            new Due(
                new StepKey(
                    RunId.of(Rows.required(row, "run")),
                    Rows.required(row, "node"),
                    row.getInt("place")),
                Rows.required(row, "queue"),
                row.getInt("ticket"),
                row.getInt("priority")));
      }
      return page;
    }
  }

  private int repair(Connection connection, List<Due> page) throws SQLException {
    List<Ticket> fresh = new ArrayList<>();
    Map<String, List<Due>> queues = page.stream().collect(Collectors.groupingBy(Due::queue));
    for (Map.Entry<String, List<Due>> queue : queues.entrySet()) {
      Set<String> missing =
          tickets.missing(
              connection, queue.getKey(), queue.getValue().stream().map(Due::ticket).toList());
      for (Due due : queue.getValue()) {
        if (missing.contains(due.ticket())) {
          renew(connection, due).ifPresent(fresh::add);
        }
      }
    }
    if (!fresh.isEmpty()) {
      tickets.put(connection, fresh);
      LOG.info("Gave tickets to {} steps that had none, {} first", fresh.size(), fresh.get(0).id());
    }
    return fresh.size();
  }

  /** Unless it was settled, or got another ticket, since the page was read. */
  private static Optional<Ticket> renew(Connection connection, Due due) throws SQLException {
    int renewed =
        Rows.update(
            connection,
            """
            UPDATE shelfmark_pipeline_steps SET ticket = ticket + 1
            WHERE run = ? AND node = ? AND place = ? AND ticket = ? AND missing = 0
              AND state IN ('WAITING', 'RUNNING')""",
            due.step().run().value(),
            due.step().node(),
            due.step().place(),
            due.generation());
    return renewed == 0
        ? Optional.empty()
        : Optional.of(
            Ticket.of(
                due.step(), due.generation() + 1, due.queue(), due.priority(), Duration.ZERO));
  }
}
