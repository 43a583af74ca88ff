package io.shelfmark.cluster;

/** Does what a ticket says, in any thread and several at once. */
@FunctionalInterface
interface TicketHandler {

  /**
   * Does it. When it returns, the ticket is done with. When it throws, the ticket is delivered
   * again: after the delay of a {@link Redeliver}, at once after an {@link InterruptedException},
   * else after a wait that doubles from 1 s to 60 s.
   */
  void handle(Ticket ticket) throws Exception;
}
