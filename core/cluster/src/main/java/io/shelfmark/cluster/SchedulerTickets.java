package io.shelfmark.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tickets on db-scheduler, a table for each queue, on the database's time. */
final class SchedulerTickets implements Tickets {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerTickets.class);

  private final Settings settings;
  private final DatabaseClock clock;
  private final TakeoverListener takeovers;

  /** Tables that are known to be there. */
  private final Map<String, QueueTable> tables = new ConcurrentHashMap<>();

  /** When tickets were last put here, by queue, on the monotonic clock. */
  private final Map<String, Long> lastPut = new ConcurrentHashMap<>();

  private final Map<String, RunningQueue> running = new ConcurrentHashMap<>();

  /** Hears that a ticket is taken from a dead owner. */
  @FunctionalInterface
  interface TakeoverListener {
    void taken(String queue, String ticket, String deadOwner);
  }

  /**
   * How tickets are taken.
   *
   * @param database connections, of which none may wait for ever
   * @param owner this process, by a name that no other has or had; at most 50 characters
   * @param heartbeats when an owner is dead
   * @param poll how often each queue is looked at
   */
  record Settings(DataSource database, String owner, Heartbeats heartbeats, Duration poll) {

    private static final int LONGEST_OWNER = 50;

    Settings {
      if (owner.isBlank() || owner.length() > LONGEST_OWNER) {
        throw new IllegalArgumentException(
            "Cannot take tickets as «%s»: expected a name of 1 to %d characters"
                .formatted(owner, LONGEST_OWNER));
      }
    }
  }

  SchedulerTickets(Settings settings) throws SQLException {
    this(settings, (queue, ticket, deadOwner) -> {});
  }

  SchedulerTickets(Settings settings, TakeoverListener takeovers) throws SQLException {
    this.settings =
        new Settings(
            BoundedConnections.over(settings.database(), settings.heartbeats()),
            settings.owner(),
            settings.heartbeats(),
            settings.poll());
    this.takeovers = takeovers;
    this.clock = new DatabaseClock(this.settings.database(), settings.heartbeats());
  }

  @Override
  public void put(Connection transaction, List<Ticket> tickets) throws SQLException {
    Map<String, List<Ticket>> byQueue =
        tickets.stream()
            .collect(Collectors.groupingBy(Ticket::queue, LinkedHashMap::new, Collectors.toList()));
    for (Map.Entry<String, List<Ticket>> queue : byQueue.entrySet()) {
      table(queue.getKey()).insert(transaction, queue.getValue());
      lastPut.put(queue.getKey(), System.nanoTime());
    }
  }

  /** In a transaction of its own: what a caller rolls back must not take a table with it. */
  private QueueTable table(String label) throws SQLException {
    QueueTable known = tables.get(label);
    if (known != null) {
      return known;
    }
    QueueTable table = QueueTable.of(label);
    try (Connection connection = settings.database().getConnection()) {
      table.create(connection);
    }
    tables.put(label, table);
    return table;
  }

  @Override
  public Set<String> missing(Connection connection, String queue, Collection<String> ids)
      throws SQLException {
    return table(queue).missing(connection, ids);
  }

  @Override
  public QueueDepth depth(Connection connection, String queue) throws SQLException {
    return table(queue).depth(connection);
  }

  @Override
  public void start(String queue, int threads, TicketHandler handler) throws SQLException {
    TicketTask task =
        new TicketTask(new QueueRows(queue, table(queue)), settings.owner(), handler, clock);
    RunningQueue started = new RunningQueue(queue, threads, task, settings, clock);
    if (running.putIfAbsent(queue, started) != null) {
      throw new IllegalStateException(
          "Cannot take from queue %s: this process does so already".formatted(queue));
    }
    started.start();
  }

  /** What the task of a queue needs of it. */
  private final class QueueRows implements TicketTask.Queue {

    private final String label;
    private final QueueTable table;

    QueueRows(String label, QueueTable table) {
      this.label = label;
      this.table = table;
    }

    @Override
    public String label() {
      return label;
    }

    @Override
    public boolean remove(String ticket, long version) throws SQLException {
      try (Connection connection = settings.database().getConnection()) {
        return table.remove(connection, ticket, version);
      }
    }

    @Override
    public void done(long begun) {
      wakeSince(begun);
    }

    @Override
    public void takenOver(String ticket, String deadOwner) {
      takeovers.taken(label, ticket, deadOwner);
    }
  }

  @Override
  public boolean isInTouch() {
    return clock.isInTouch();
  }

  private void wakeSince(long nanos) {
    lastPut.forEach(
        (queue, put) -> {
          if (put - nanos >= 0) {
            wake(queue);
          }
        });
  }

  @Override
  public void wake(String queue) {
    RunningQueue known = running.get(queue);
    if (known != null) {
      known.wake();
    }
  }

  @Override
  public void pause(String queue) {
    require(queue).pause();
  }

  @Override
  public void resume(String queue) {
    require(queue).resume();
  }

  private RunningQueue require(String queue) {
    RunningQueue known = running.get(queue);
    if (known == null) {
      throw new IllegalArgumentException(
          "Cannot pause or resume queue %s: this process takes from %s"
              .formatted(queue, running.keySet()));
    }
    return known;
  }

  @Override
  public void drain(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    running.values().forEach(RunningQueue::pause);
    running.forEach(
        (label, queue) -> {
          boolean idle = queue.awaitIdle(deadline);
          if (!idle) {
            LOG.info("Queue {} has steps under way after {}: they are interrupted", label, limit);
          }
          queue.stop(idle);
        });
    running.clear();
    clock.close();
  }

  @Override
  public void close() {
    drain(Duration.ZERO);
  }
}
