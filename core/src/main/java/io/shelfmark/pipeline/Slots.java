package io.shelfmark.pipeline;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * How many attempts go on at once, in all and of each queue. A slot is given back when an attempt
 * is settled, even if its code does not return. Thread-safe: it guards itself.
 */
final class Slots {

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final int limit;
  private final Map<String, Integer> limits;
  private final Map<String, Integer> busyOf = new HashMap<>();
  private final Map<String, Queue<Waiting>> waiting = new HashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "shelfmark-step-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
  private int busy;
  private long submitted;

  /** A task, and its place among all. */
  private record Waiting(long place, Consumer<Slot> task) {}

  Slots(int limit, Map<String, Integer> limits) {
    this.limit = limit;
    this.limits = Map.copyOf(limits);
  }

  /** One of them, lent. */
  final class Slot {
    private final String queue;
    private final AtomicBoolean released = new AtomicBoolean();

    private Slot(String queue) {
      this.queue = queue;
    }

    void release() {
      if (released.compareAndSet(false, true)) {
        free(queue);
      }
    }
  }

  /** Runs a task on a thread of its own as soon as there is a slot. */
  synchronized void submit(String queue, Consumer<Slot> task) {
    waiting.computeIfAbsent(queue, name -> new ArrayDeque<>()).add(new Waiting(submitted++, task));
    dispatch();
  }

  private synchronized void free(String queue) {
    busy--;
    busyOf.merge(queue, -1, Integer::sum);
    dispatch();
  }

  /** First come, first served, among the queues that have room. */
  private void dispatch() {
    while (busy < limit) {
      Optional<String> next =
          waiting.entrySet().stream()
              .filter(entry -> !entry.getValue().isEmpty() && hasRoom(entry.getKey()))
              .min(Comparator.comparingLong(entry -> entry.getValue().element().place()))
              .map(Map.Entry::getKey);
      if (next.isEmpty()) {
        return;
      }
      String queue = next.get();
      Queue<Waiting> tasks = waiting.getOrDefault(queue, new ArrayDeque<>());
      Consumer<Slot> task = tasks.remove().task();
      busy++;
      busyOf.merge(queue, 1, Integer::sum);
      Slot slot = new Slot(queue);
      try {
        threads.execute(() -> task.accept(slot));
      } catch (RejectedExecutionException e) {
        return; // closed
      }
    }
  }

  private boolean hasRoom(String queue) {
    return busyOf.getOrDefault(queue, 0) < limits.getOrDefault(queue, limit);
  }

  synchronized void close() {
    waiting.clear();
    threads.shutdownNow();
  }
}
