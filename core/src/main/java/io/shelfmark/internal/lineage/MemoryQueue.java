package io.shelfmark.internal.lineage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Events in memory, up to a number. Thread-safe: it guards itself. */
final class MemoryQueue implements EventQueue {

  private final int limit;
  private final Deque<String> events = new ArrayDeque<>();
  private boolean ended;

  MemoryQueue(int limit) {
    this.limit = limit;
  }

  @Override
  public synchronized boolean add(String event) {
    if (ended || events.size() >= limit) {
      return false;
    }
    events.add(event);
    notifyAll();
    return true;
  }

  @Override
  public synchronized Optional<String> head() throws InterruptedException {
    while (events.isEmpty() && !ended) {
      wait();
    }
    return Optional.ofNullable(events.peek());
  }

  @Override
  public synchronized void removeHead() {
    events.remove();
    notifyAll();
  }

  @Override
  public synchronized boolean isEmpty() {
    return events.isEmpty();
  }

  @Override
  public synchronized String afterwards() {
    return events.size() + " events are lost";
  }

  @Override
  public synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public void close() {}
}
