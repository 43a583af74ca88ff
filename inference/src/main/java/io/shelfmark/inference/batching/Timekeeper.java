package io.shelfmark.inference.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells when deadlines pass, on one thread that is there only while there are any, and ten seconds
 * longer. Thread-safe; {@link #close} lets the thread go once nothing is watched.
 *
 * @param <E> what is watched
 */
final class Timekeeper<E> {

  private static final long LINGERS_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What is watched and until when; the number tells equal moments apart. */
  static final class Watch<E> {
    final E watched;
    private final Deadline deadline;
    private final long number;

    private Watch(E watched, Deadline deadline, long number) {
      this.watched = watched;
      this.deadline = deadline;
      this.number = number;
    }
  }

  private final Consumer<List<E>> whenPassed;
  private final AtomicLong numbers = new AtomicLong();

  /** Guards what follows; taken under the batcher's lock, and never the other way round. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final TreeSet<Watch<E>> watches =
      new TreeSet<>(
          Comparator.<Watch<E>>comparingLong(watch -> watch.deadline.left(0))
              .thenComparingLong(watch -> watch.number));

  /** What is told of before its time. */
  private final List<E> hurried = new ArrayList<>();

  private @Nullable Thread thread;
  private boolean closed;

  /** When the thread looks again by itself. */
  private long wakesAt;

  /**
   * A timekeeper.
   *
   * @param whenPassed is told what was watched for longer than its deadline, on the timekeeper's
   *     thread
   */
  Timekeeper(Consumer<List<E>> whenPassed) {
    this.whenPassed = whenPassed;
  }

  /** Begins to watch; {@code deadline} is one that comes. */
  Watch<E> watch(E watched, Deadline deadline) {
    Watch<E> watch = new Watch<>(watched, deadline, numbers.getAndIncrement());
    lock.lock();
    try {
      watches.add(watch);
      if (thread == null) {
        Thread keeper = new Thread(this::keep, "shelfmark-deadlines");
        keeper.setDaemon(true);
        keeper.start();
        thread = keeper;
      } else if (deadline.left(wakesAt) < 0) {
        // most deadlines are later than one that was watched before: the thread sleeps on
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    return watch;
  }

  /** Tells at once, as if the deadline had passed; harmless when watching has ended. */
  void hurry(Watch<E> watch) {
    lock.lock();
    try {
      if (watches.remove(watch)) {
        hurried.add(watch.watched);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends watching; harmless when it has ended. */
  void forget(Watch<E> watch) {
    lock.lock();
    try {
      watches.remove(watch);
      if (closed && watches.isEmpty()) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread is the one that tells. */
  boolean isHere() {
    lock.lock();
    try {
      return Thread.currentThread().equals(thread);
    } finally {
      lock.unlock();
    }
  }

  /** The thread ends as soon as nothing is watched. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    List<E> passed = await();
    while (!passed.isEmpty()) {
      whenPassed.accept(passed);
      passed = await();
    }
  }

  /** Waits for what passes next; nothing when the thread is not needed any more. */
  private List<E> await() {
    lock.lock();
    try {
      long lingers = LINGERS_NANOS;
      while (true) {
        List<E> passed = takePassed();
        if (!passed.isEmpty()) {
          return passed;
        }
        boolean nothing = watches.isEmpty();
        if (nothing && (closed || lingers <= 0)) {
          thread = null;
          return passed;
        }
        long now = System.nanoTime();
        long next = nothing ? lingers : watches.first().deadline.left(now);
        // not until a far deadline: it may be forgotten long before
        long left = Math.min(next, LINGERS_NANOS);
        wakesAt = now + left;
        try {
          long rest = changed.awaitNanos(left);
          lingers = nothing ? rest : LINGERS_NANOS;
        } catch (InterruptedException e) {
          // nobody has reason to interrupt this thread but a callback of the host's: it goes on
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private List<E> takePassed() {
    List<E> passed = new ArrayList<>(hurried);
    hurried.clear();
    long now = System.nanoTime();
    while (!watches.isEmpty() && watches.first().deadline.hasPassed(now)) {
      Watch<E> first = watches.first();
      watches.remove(first);
      passed.add(first.watched);
    }
    return passed;
  }
}
