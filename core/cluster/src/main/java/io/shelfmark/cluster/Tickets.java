package io.shelfmark.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Queues of tickets in a database that many processes share. Delivery is at least once: a ticket
 * may reach two processes at the same time, and whoever handles it must bear that. Thread-safe.
 */
interface Tickets extends AutoCloseable {

  /**
   * Puts tickets into their queues, in the caller's transaction: rolled back, they were never
   * there. A ticket whose id is there already changes nothing.
   */
  void put(Connection transaction, List<Ticket> tickets) throws SQLException;

  /** Which of these ids have no ticket in the queue. */
  Set<String> missing(Connection connection, String queue, Collection<String> ids)
      throws SQLException;

  /** How many tickets wait or are being done. */
  QueueDepth depth(Connection connection, String queue) throws SQLException;

  /**
   * Begins to take from a queue. Threads are this process's own for the queue.
   *
   * @throws IllegalStateException when it was begun already
   */
  void start(String queue, int threads, TicketHandler handler) throws SQLException;

  /** Whether the database has answered lately. */
  boolean isInTouch();

  /** Looks for tickets now and not at the next poll: call it after the commit of a put. */
  void wake(String queue);

  /** Takes no more from a queue here; what is under way goes on. */
  void pause(String queue);

  /** Takes from it again. */
  void resume(String queue);

  /**
   * Takes no more from any queue, waits for what is under way, and interrupts it at the limit: its
   * tickets are delivered elsewhere at once. After it this object takes no tickets any more.
   */
  void drain(Duration limit);

  /** Drains without a wait. */
  @Override
  void close();
}
