package io.shelfmark.pipeline;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How many attempts go on at once, in all and of each queue. A slot is given back when an attempt
 * is settled, even if its code does not return. A thread whose code has returned takes on what may
 * begin then by itself: waking another one costs more than most of the bookkeeping. Thread-safe: it
 * guards itself.
 */
final class Slots {

  private static final AtomicInteger THREADS = new AtomicInteger();

  /** What the present thread does, on a thread of some slots. */
  private static final ThreadLocal<@Nullable Lane> LANE = new ThreadLocal<>();

  private final int limit;
  private final Map<String, Integer> limits;
  private final Map<String, Line> lines = new LinkedHashMap<>();
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

  /** A task that has its slot. */
  private record Lent(Slot slot, Consumer<Slot> task) {}

  /** Those of one queue. Guarded by the slots. */
  private static final class Line {
    private final int limit;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int busy;

    Line(int limit) {
      this.limit = limit;
    }

    /** The place of the next task that has room; none is behind all others. */
    long next() {
      Waiting first = busy < limit ? waiting.peek() : null;
      return first == null ? Long.MAX_VALUE : first.place();
    }
  }

  Slots(int limit, Map<String, Integer> limits) {
    this.limit = limit;
    this.limits = Map.copyOf(limits);
  }

  /** One of them, lent. */
  final class Slot {
    private final Line line;
    private final AtomicBoolean released = new AtomicBoolean();

    private Slot(Line line) {
      this.line = line;
    }

    /**
     * The code on this thread has returned, and nothing on it waits for other steps any more: one
     * of those that begin from now on may wait for the thread.
     */
    void codeReturned() {
      Lane lane = LANE.get();
      if (lane != null) {
        lane.free = true;
      }
    }

    private boolean isOf(Slots slots) {
      return slots == Slots.this;
    }

    void release() {
      if (released.compareAndSet(false, true)) {
        free(line);
      }
    }
  }

  /** What one thread does, a task after the other. Used by that thread alone. */
  private final class Lane implements Runnable {
    private @Nullable Lent next;
    private boolean free;

    Lane(Lent first) {
      next = first;
    }

    @Override
    public void run() {
      LANE.set(this);
      try {
        for (Lent lent = next; lent != null; lent = next) {
          next = null;
          free = false;
          lent.task().accept(lent.slot());
        }
      } finally {
        LANE.remove();
        if (next != null) {
          start(next); // the one before it has thrown an error
        }
      }
    }

    /** Takes a task on after the present one, if it can. */
    boolean take(Lent lent) {
      boolean taken = free && next == null && lent.slot().isOf(Slots.this);
      if (taken) {
        next = lent;
      }
      return taken;
    }
  }

  /** Whether this thread does what has got a slot; a timer's, for one, does not. */
  static boolean isStepThread() {
    return LANE.get() != null;
  }

  /** Runs a task as soon as there is a slot. */
  synchronized void submit(String queue, Consumer<Slot> task) {
    lines
        .computeIfAbsent(queue, name -> new Line(limits.getOrDefault(name, limit)))
        .waiting
        .add(new Waiting(submitted++, task));
    dispatch();
  }

  private synchronized void free(Line line) {
    busy--;
    line.busy--;
    dispatch();
  }

  /** First come, first served, among the queues that have room. */
  private void dispatch() {
    while (busy < limit) {
      Line next = null;
      for (Line line : lines.values()) {
        if (line.next() < (next == null ? Long.MAX_VALUE : next.next())) {
          next = line;
        }
      }
      if (next == null) {
        return;
      }
      Consumer<Slot> task = next.waiting.remove().task();
      busy++;
      next.busy++;
      Lent lent = new Lent(new Slot(next), task);
      Lane own = LANE.get();
      if (own == null || !own.take(lent)) {
        start(lent);
      }
    }
  }

  private void start(Lent lent) {
    try {
      threads.execute(new Lane(lent));
    } catch (RejectedExecutionException e) {
      // closed: the runs stay as they are on record
      lent.slot().released.set(true);
    }
  }

  synchronized void close() {
    lines.values().forEach(line -> line.waiting.clear());
    threads.shutdownNow();
  }
}
