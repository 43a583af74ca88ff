package io.shelfmark.internal.lineage;

import java.util.Optional;

/**
 * Events that wait for a server, the oldest first. For many that add and one that takes; who opened
 * it closes it.
 */
interface EventQueue extends AutoCloseable {

  /** Adds an event; false when there is no room. */
  boolean add(String event);

  /** The oldest event, which stays; waits for one, and gives nothing when no more will come. */
  Optional<String> head() throws InterruptedException;

  /** The oldest event has arrived. */
  void removeHead();

  boolean isEmpty();

  /** No more will come. */
  void end();

  /** What becomes of events that are left at the end. */
  String afterwards();

  @Override
  void close();
}
