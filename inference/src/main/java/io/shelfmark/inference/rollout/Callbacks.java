package io.shelfmark.inference.rollout;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps callbacks from waiting for each other. A callback runs on a thread of some version, which
 * knows its own threads and lets them hand in photos without room; but not another version's. Two
 * versions whose threads all wait for room in the other one would never go on. So a callback hands
 * its photos to a thread in between, which may wait; their deadlines are kept meanwhile.
 * Thread-safe.
 */
final class Callbacks {

  private final ThreadLocal<Boolean> running = new ThreadLocal<>();
  private final ThreadPoolExecutor between =
      new ThreadPoolExecutor(
          1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), named("shelfmark-hand-in"));

  /** Tells of deadlines that pass in between: who waits there has no version yet to tell it. */
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(1, named("shelfmark-hand-in-deadlines"));

  Callbacks() {
    between.allowCoreThreadTimeOut(true);
    deadlines.setKeepAliveTime(10, TimeUnit.SECONDS);
    deadlines.allowCoreThreadTimeOut(true);
    deadlines.setRemoveOnCancelPolicy(true);
  }

  private static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Whether the calling thread is in a callback. */
  boolean running() {
    return running.get() != null;
  }

  /** Runs {@code completion}, and the callbacks in it. */
  void during(Runnable completion) {
    boolean nested = running();
    running.set(true);
    try {
      completion.run();
    } finally {
      if (!nested) {
        running.remove();
      }
    }
  }

  /** Begins a reading, here or in between. */
  void handIn(PendingReading pending) {
    if (!running()) {
      pending.begin();
      return;
    }
    try {
      pending
          .left()
          .ifPresent(
              time ->
                  pending.watchedBy(
                      deadlines.schedule(
                          pending::expire,
                          TimeUnit.NANOSECONDS.convert(time),
                          TimeUnit.NANOSECONDS)));
      between.execute(pending::beginLater);
    } catch (RejectedExecutionException e) {
      pending.refuse(LiveTraffic.closed());
    } catch (RuntimeException | Error e) {
      // no thread to be had: nobody else would let go of the version
      pending.refuse(e);
    }
  }

  /** Takes no more; those that wait are begun. */
  void close() {
    between.shutdown();
    deadlines.shutdown();
  }
}
